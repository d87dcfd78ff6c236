// r7-ioserver: what the clients of a program thread have in common.
import { FileWorkers } from "../shared/file-workers.ts";
import { HeadReader } from "../shared/http-head.ts";
import { TextAnswers } from "../shared/http-text.ts";
import { Channel, newChannel } from "../shared/threads/channel.ts";
import type { Parking } from "../shared/threads/parker.ts";
import { type Timed, Timers } from "../shared/timers.ts";
import type { Options } from "./options.ts";
import type { SocketPort } from "./port.ts";

/** How long we discard what a client sends after our end is closed, in milliseconds. */
const LINGER = 2000;

/** A client, as far as its thread knows it. */
export interface Leaving extends Timed {
  /** No other client of this thread ever has the same. */
  readonly id: number;
  readonly port: SocketPort;
  /** Its timer is over. */
  late(): void;
}

/** One for each program thread. */
export class Service {
  readonly options: Options;
  readonly timers = new Timers<Leaving>();
  readonly files: FileWorkers;
  /** Has a value when a file worker has something for `files`. */
  readonly filesReady: Channel;
  /** Used and done with in one turn: one of each is enough. */
  readonly head: HeadReader;
  readonly texts = new TextAnswers();
  /** How long a client may stay in a state, in milliseconds: by the names of `DEADLINES`. */
  readonly timeouts: Readonly<
    Record<"idle" | "head" | "body" | "send" | "linger", number>
  >;
  /** The time of this turn, in milliseconds, by a clock that nobody sets. */
  now = performance.now();
  /** No new request begins now. */
  isStopping = false;
  /** Called when a client closes its port. */
  onLeft: (client: Leaving) => void = () => {};

  /** @param say Prints a line: this thread blocks, and cannot. */
  constructor(options: Options, parking: Parking, say: (line: string) => void) {
    this.options = options;
    const { "head-limit": head, "target-limit": target } = options;
    this.head = new HeadReader({ head, target });
    this.timeouts = {
      idle: options["idle-timeout"],
      head: options["head-timeout"],
      body: options["body-timeout"],
      send: options["send-timeout"],
      linger: LINGER,
    };
    const done = newChannel(2, parking);
    const ready = new Channel(done);
    // When it is full, there is one already.
    const waker = { shared: done, wake: () => ready.trySend(0) };
    this.filesReady = ready;
    this.files = new FileWorkers(options.root, options.workers, waker, { died: say });
  }
}
