// r6-reactor: what the handlers of a loop have in common.
import { HeadReader } from "../shared/http-head.ts";
import { TextAnswers } from "../shared/http-text.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Files } from "./files.ts";
import type { EventHandler } from "./handler.ts";
import { Input } from "./input.ts";
import type { Options } from "./options.ts";

/** How much a client may have read for it in a turn, in bytes. */
const READ_BUDGET = 65536;

/** How long we discard what a client sends after our end is closed, in milliseconds. */
const LINGER = 2000;

/** A client, as far as the end of the program is concerned. */
export interface Leaving extends EventHandler {
  /** Closes now if it has nothing to do, or else when that is done. */
  leave(): void;
}

/** One for each loop. */
export class Service {
  readonly loop: EventLoop;
  readonly files: Files;
  readonly options: Options;
  readonly clients = new Set<Leaving>();
  /** Used and done with in one turn: one of each is enough. */
  readonly head: HeadReader;
  readonly texts = new TextAnswers();
  readonly input: Input;
  /** What a client may have of a turn: bytes read, and steps. */
  readonly readBudget: number;
  /** How long a client may stay in a state, in milliseconds: by the names of `DEADLINES`. */
  readonly timeouts: Readonly<
    Record<"idle" | "head" | "body" | "send" | "linger", number>
  >;
  /** No new request begins now. */
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
