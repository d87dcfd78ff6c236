// r8-runtime: asks a chat server, such as step 18's, for its rooms over pooled connections.

import { coroutine, type Steps, wait } from "../shared/runtime/coroutine.ts";
import { type Future, PENDING } from "../shared/runtime/future.ts";
import type { AsyncStream } from "../shared/runtime/net.ts";
import { type Manager, Pool } from "../shared/runtime/pool.ts";
import type { Runtime } from "../shared/runtime/runtime.ts";
import { LATE } from "../shared/runtime/timers.ts";

/**
 * The room that our connections join, so that they do not count as users of any other. Until
 * then a new one is in the chat's first room, and counts there.
 */
const OWN_ROOM = "http-side";
/** How long the chat may take to answer, in milliseconds. */
const CHAT_TIMEOUT = 2000;
/** The longest answer, in bytes. A server that sends more is not a chat server. */
const LIMIT = 1 << 20;
const OPTIONS = { max: 4, checkoutTimeout: 3000, idleTimeout: 10_000, lifetime: 60_000 };

/** A connection to the chat that sends lines, and reads up to a given line. */
class ChatClient {
  readonly stream: AsyncStream;
  /** Whether an answer was left partly unread, so that the next bytes may belong to it. */
  isBroken = false;
  readonly #bytes = Buffer.alloc(4096);

  constructor(stream: AsyncStream) {
    this.stream = stream;
  }

  /**
   * Sends lines, and reads until a line that starts with `last`.
   *
   * @returns The lines before that one.
   * @throws {Error} When the connection ends first, or the answer exceeds {@link LIMIT}.
   */
  *ask(lines: string, last: string): Steps<string[]> {
    this.isBroken = true;
    if ((yield* wait(this.stream.send(Buffer.from(lines)))) !== "sent") {
      throw new Error("Cannot ask the chat: the connection is lost");
    }
    const pieces: Buffer[] = [];
    for (let size = 0; size < LIMIT; ) {
      const count = yield* wait(this.stream.recv(this.#bytes));
      if (typeof count !== "number") {
        throw new Error("Cannot ask the chat: the connection has ended");
      }
      size += count;
      pieces.push(Buffer.from(this.#bytes.subarray(0, count)));
      const whole = Buffer.concat(pieces).toString().split("\n").slice(0, -1);
      const end = whole.findIndex((line) => line.startsWith(last));
      if (end === -1) continue;
      this.isBroken = false;
      return whole.slice(0, end);
    }
    throw new Error("Cannot ask the chat: its answer does not end");
  }
}

/** The rooms of one chat server. */
export class ChatRooms {
  readonly #runtime: Runtime;
  readonly #pool: Pool<ChatClient>;

  constructor(runtime: Runtime, host: string, port: number) {
    this.#runtime = runtime;
    const manager: Manager<ChatClient> = {
      connect: () => this.#withTimeout(this.#connect(host, port)),
      check: hasNotEnded,
      isBroken: (client) => client.isBroken || client.stream.closed,
      close: (client) => client.stream.close(),
    };
    this.#pool = new Pool(runtime, manager, OPTIONS);
  }

  /** The rooms, as in `main (3)`, `attic (1)`; undefined when the chat does not answer. */
  list(): Future<readonly string[] | undefined> {
    return coroutine(this.#list());
  }

  close(): void {
    this.#pool.close();
  }

  // #region list
  *#list(): Steps<readonly string[] | undefined> {
    try {
      const lease = yield* wait(this.#pool.checkout());
      try {
        // The answer may have several lines: the reply to a second command marks its end.
        const asked = lease.connection.ask(
          `/rooms\n/join ${OWN_ROOM}\n`,
          `You are in ${OWN_ROOM}`,
        );
        const lines = yield* wait(this.#withTimeout(asked));
        return lines.filter((line) => line.startsWith("Rooms - ")).flatMap(roomsOf);
      } finally {
        lease.release();
      }
    } catch {
      return undefined;
    }
  }
  // #endregion list

  *#connect(host: string, port: number): Steps<ChatClient> {
    const stream = this.#runtime.connect(host, port);
    let isReady = false;
    try {
      const error = yield* wait(stream.connected());
      if (error) throw error;
      const client = new ChatClient(stream);
      yield* client.ask(`/join ${OWN_ROOM}\n`, `You joined ${OWN_ROOM}`);
      isReady = true;
      return client;
    } finally {
      if (!isReady) stream.close();
    }
  }

  /** @throws {Error} When `steps` take longer than {@link CHAT_TIMEOUT}. */
  #withTimeout<Value>(steps: Steps<Value>): Future<Value> {
    const { timers } = this.#runtime;
    return coroutine(
      (function* (): Steps<Value> {
        const value = yield* wait(timers.timeout(coroutine(steps), CHAT_TIMEOUT));
        if (value === LATE) throw new Error("Cannot ask the chat: it takes too long");
        return value;
      })(),
    );
  }
}

/** Discards lines that came while it was idle. False when the connection has ended. */
function hasNotEnded({ stream }: ChatClient): Future<boolean> {
  const bytes = Buffer.alloc(4096);
  return {
    poll(waker) {
      for (;;) {
        const count = stream.pollRecv(bytes, waker);
        if (typeof count === "number") continue;
        stream.forget();
        return count === PENDING;
      }
    },
    drop: () => stream.forget(),
  };
}

function roomsOf(line: string): string[] {
  const rooms = line.slice("Rooms - ".length).split(", ");
  return rooms.filter((room) => !room.startsWith(`${OWN_ROOM} (`));
}
