// r7-ioserver: what the clients of a program thread share.
import type { FileResult } from "../shared/file-worker.ts";
import { FileWorkers } from "../shared/file-workers.ts";
import { HeadReader } from "../shared/http-head.ts";
import { TextAnswers } from "../shared/http-text.ts";
import { Channel, newChannel } from "../shared/threads/channel.ts";
import type { Parking } from "../shared/threads/parker.ts";
import { type Timed, Timers } from "../shared/timers.ts";
import type { Options } from "./options.ts";
import type { SocketPort } from "./port.ts";

/** How long a client's input is discarded after our half-close, in milliseconds. */
const LINGER = 2000;

/** A client, as seen by its thread. */
export interface ClientHandle extends Timed {
  readonly port: SocketPort;
  /** Its timer has expired. */
  late(): void;
  /** Takes an answer, or a piece of one, from a file worker. */
  take(result: FileResult): void;
}

/** One for each program thread. */
export class Service {
  readonly options: Options;
  readonly timers = new Timers<ClientHandle>();
  readonly files: FileWorkers<ClientHandle>;
  /** Has a value when a file worker has a result. */
  readonly filesReady: Channel;
  /** These are needed only during one client's turn, so all clients can share them. */
  readonly head: HeadReader;
  readonly texts = new TextAnswers();
  /** How long a client may stay in each state, in milliseconds; keyed as in `DEADLINES`. */
  readonly timeouts: Readonly<
    Record<"idle" | "head" | "body" | "send" | "linger", number>
  >;
  /** The time of this turn, in milliseconds on a monotonic clock. */
  now = performance.now();
  /** Set while stopping: no new request may begin. */
  isStopping = false;
  /** Called when a client closes its port. */
  onLeft: (client: ClientHandle) => void = () => {};

  /** @param say Prints a line, which this thread cannot do because it blocks. */
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
    // If it is full, a wakeup is already pending.
    const waker = { shared: done, wake: () => ready.trySend(0) };
    this.filesReady = ready;
    this.files = new FileWorkers(options.root, options.workers, waker, { died: say });
  }
}
