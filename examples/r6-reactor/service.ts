// r6-reactor: what the handlers of a loop share.
import { HeadReader } from "../shared/http-head.ts";
import { TextAnswers } from "../shared/http-text.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Files } from "./files.ts";
import type { EventHandler } from "./handler.ts";
import { Input } from "./input.ts";
import type { Options } from "./options.ts";

/** A client's read budget per turn, in bytes. */
const READ_BUDGET = 65536;

/** How long a client's input is discarded after our half-close, in milliseconds. */
const LINGER = 2000;

/** A client, as seen by `Stop`. */
export interface ClientHandle extends EventHandler {
  /** Closes now if it is idle, otherwise after the request in progress. */
  leave(): void;
}

/** One for each loop. */
export class Service {
  readonly loop: EventLoop;
  readonly files: Files;
  readonly options: Options;
  readonly clients = new Set<ClientHandle>();
  /** These are needed only during one client's turn, so all clients can share them. */
  readonly head: HeadReader;
  readonly texts = new TextAnswers();
  readonly input: Input;
  /** A client's read budget per turn, in bytes; Infinity for no limit. */
  readonly readBudget: number;
  /** How long a client may stay in each state, in milliseconds; keyed as in `DEADLINES`. */
  readonly timeouts: Readonly<
    Record<"idle" | "head" | "body" | "send" | "linger", number>
  >;
  /** Set while stopping: no new request may begin. */
  isStopping = false;
  /** Called when a client has left. */
  onLeft: () => void = () => {};

  constructor(loop: EventLoop, files: Files, options: Options) {
    this.loop = loop;
    this.files = files;
    this.options = options;
    const { budget, "head-limit": headLimit, "target-limit": targetLimit } = options;
    this.head = new HeadReader({ head: headLimit, target: targetLimit });
    this.input = new Input(headLimit + READ_BUDGET);
    this.timeouts = {
      idle: options["idle-timeout"],
      head: options["head-timeout"],
      body: options["body-timeout"],
      send: options["send-timeout"],
      linger: LINGER,
    };
    this.readBudget = budget === Infinity ? Infinity : READ_BUDGET;
  }
}
