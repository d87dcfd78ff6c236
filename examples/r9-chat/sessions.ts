// r9-chat: the users of the page: each reads an event stream, and sends lines as requests.
import { randomBytes } from "node:crypto";
import { coroutine, type Steps, wait } from "../shared/runtime/coroutine.ts";
import { race } from "../shared/runtime/race.ts";
import type { Timers } from "../shared/runtime/timers.ts";
import { CancellationToken } from "../shared/runtime/token.ts";
import type { EventOutbox } from "./events.ts";
import type { Room, User } from "./room.ts";

/** How long changes are coalesced before the pages get them, in milliseconds. */
const GATHER = 250;
/** The most rooms, and the most users of a room, that are listed on a page. */
const MOST = 200;
/** Receives what pages send after their request, to be discarded; shared by all. */
const IGNORED = Buffer.alloc(1024);

/** The part of the chat that the users of the page need. */
interface Chat {
  /** Takes a line of a user, once its rate limit allows it. */
  hear(user: User, line: string): Steps<"quit" | undefined>;
  /** All rooms, those with the most users first. */
  rooms(): readonly Room[];
  /** Starts a task. */
  spawn(steps: Steps<void>): void;
  readonly timers: Timers;
}

interface Session {
  readonly user: User;
  readonly out: EventOutbox;
  /** Cancelled by `/quit`. */
  readonly left: CancellationToken;
  /** What its page shows next to the talk, as last sent (JSON). */
  rooms: string;
  here: string;
}

/**
 * ```text
 *   GET /events  ─►  event: key    data: 5Rk…        proves that a request is this user's
 *                    event: rooms  data: [["main",2],["attic",1]]
 *                    event: here   data: {"you":"Ann","room":"main","count":2,"users":[…]}
 *                    data: bob: hello                a line of the chat
 *   POST /say, Chat-Key: 5Rk…  ─►  to the room, like any line
 * ```
 */
export class Sessions {
  readonly #chat: Chat;
  readonly #byKey = new Map<string, Session>();
  #isGathering = false;

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Keeps a user in the chat until its page is closed, or it quits. */
  *live(user: User, out: EventOutbox): Steps<void> {
    const key = randomBytes(18).toString("base64url");
    const left = new CancellationToken();
    const session = { user, out, left, rooms: "", here: "" };
    this.#byKey.set(key, session);
    try {
      out.tell("key", key);
      this.#inform([session]);
      yield* wait(race({ end: coroutine(untilEnd(user)), left: left.cancelled() }));
    } finally {
      this.#byKey.delete(key);
    }
  }

  /** Takes a line of the user with this key. @returns False when no user has it. */
  *say(key: string, line: string): Steps<boolean> {
    const session = this.#byKey.get(key);
    if (session === undefined || session.out.ended) return false;
    if ((yield* this.#chat.hear(session.user, line)) === "quit") session.left.cancel();
    return true;
  }

  /** Called when a user's room or name has changed: updates all pages a little later. */
  changed(): void {
    if (this.#isGathering || this.#byKey.size === 0) return;
    this.#isGathering = true;
    this.#chat.spawn(this.#informAll());
  }

  *#informAll(): Steps<void> {
    yield* wait(this.#chat.timers.sleep(GATHER));
    this.#isGathering = false;
    const sessions = [...this.#byKey.values()];
    this.#inform(sessions.filter(({ out }) => out.ready));
    // A page that fell behind is updated once it catches up: only the last state counts.
    if (sessions.some(({ out }) => !out.ready)) this.changed();
  }

  #inform(sessions: readonly Session[]): void {
    const rooms = JSON.stringify(
      this.#chat
        .rooms()
        .slice(0, MOST)
        .map(({ name, size }) => [name, size]),
    );
    const users = new Map<Room, readonly string[]>();
    for (const session of sessions) {
      const { out, user } = session;
      const { room, name: you } = user;
      const list = users.get(room) ?? room.list().slice(0, MOST);
      users.set(room, list);
      const here = { you, room: room.name, count: room.size, users: list };
      const text = JSON.stringify(here);
      if (text !== session.here) out.tell("here", text);
      if (rooms !== session.rooms) out.tell("rooms", rooms);
      session.here = text;
      session.rooms = rooms;
    }
  }
}

/** Discards input until the browser disconnects: its lines come as separate requests. */
function* untilEnd({ stream }: User): Steps<void> {
  while (typeof (yield* wait(stream.recv(IGNORED))) === "number");
}
