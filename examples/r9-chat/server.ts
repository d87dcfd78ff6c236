// r9-chat: the chat of 18 on our own runtime, from the kernel's events up.
// Page: docs/r9-chat.md
// Known limit: nothing is encrypted; one thread, no history.
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
import { clientNetwork, isLoopback } from "../shared/client-address.ts";
import { CountingLog } from "../shared/counting-log.ts";
import {
  choice,
  commandLine,
  ipAddress,
  number,
  seconds,
  text,
  toggle,
} from "../shared/flags.ts";
import { problem } from "../shared/http.ts";
import { LineDecoder } from "../shared/line-batches.ts";
import { listed } from "../shared/listed.ts";
import { hostAndPort, whyNotListening } from "../shared/listening.ts";
import { distinctNames, takeName } from "../shared/names.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import { coroutine, type Steps, wait } from "../shared/runtime/coroutine.ts";
import type { Future } from "../shared/runtime/future.ts";
import type { AsyncListener, AsyncStream } from "../shared/runtime/net.ts";
import { Outbox } from "../shared/runtime/outbox.ts";
import { race } from "../shared/runtime/race.ts";
import { Runtime } from "../shared/runtime/runtime.ts";
import { isBlank, isLongerThan, safeTextOf } from "../shared/safe-text.ts";
import { Tally } from "../shared/tally.ts";
import { TelnetFilter } from "../shared/telnet.ts";
import { TokenBucket } from "../shared/token-bucket.ts";
import { EventOutbox } from "./events.ts";
import { beginEvents, Page } from "./page.ts";
import { type Flushes, type Member, Room, type User } from "./room.ts";
import { Sessions } from "./sessions.ts";
import { type Limits, Visit } from "./visit.ts";

const HELP = readFileSync(new URL("help.txt", import.meta.url), "utf8");
const PAGE_PORT = {
  must: "a port, or none",
  accepts: (text: string) => /^(none|\d{0,5})$/.test(text) && !(Number(text) > 65535),
};
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const MS = { min: 1 };
/** The range that Linux accepts, in seconds (tcp(7), TCP_KEEPIDLE). */
const KEEP_ALIVE = { min: 1, max: 32767 };
const FLAGS = {
  "Where it listens": {
    ip: ipAddress("127.0.0.1", "the address", { short: "i" }),
    port: number(42069, "the port, 0: any", { short: "p", env: "PORT", max: 65535 }),
    poller: text("", "the poller: epoll, poll, … (best available)"),
  },
  "What a client may send": {
    "max-message": number(400, "characters of a message", { min: 1 }),
    "max-line": number(16384, "bytes without a line end", { min: 64 }),
    burst: number(20, "lines at once", { min: 1 }),
    rate: number(10, "lines a second after that, 0: no limit", { fraction: true }),
  },
  "What a client may leave unread": {
    "max-queued": number(262144, "bytes queued besides the room's log", { min: 4096 }),
    "max-stuck": seconds(30, "seconds in which it takes nothing", { min: 0.1 }),
  },
  "Who may connect": {
    "max-clients": number(10000, "connections in all", { min: 1 }),
    "per-address": number(16, "connections from one address", { min: 1 }),
    "limit-loopback": toggle("from this machine too"),
    "keep-alive": number(60, "seconds until TCP probes a silent peer", KEEP_ALIVE),
  },
  "Its page": {
    "page-port": text("", "its port, 0: any, or none (one above)", PAGE_PORT),
    "page-name": text("", "the server's host name, besides addresses"),
    "head-limit": number(16384, "bytes of a request before its body", { min: 64 }),
    "head-timeout": number(10000, "ms for these bytes to arrive", MS),
    "body-timeout": number(30000, "ms for a body to arrive", MS),
    "send-timeout": number(30000, "ms to take an answer, except for events", MS),
    "idle-timeout": number(5000, "ms between two requests", MS),
  },
  "How it ends": {
    grace: seconds(5, "seconds for clients to take their last lines"),
  },
  "What it says": {
    "log-level": choice("info", "how much is logged", LEVELS, { env: "LOG_LEVEL" }),
    help: toggle("prints this", { short: "h" }),
  },
};
/** How long we wait for a free descriptor, in milliseconds. */
const RETRY_DELAY = 1_000;
/** The maximum length of a line of a list without its newline, in bytes. */
const LIST_LINE = 4094;
/** How many refused clients get time to read why, and how long, in milliseconds. */
const REFUSED = 256;
const REFUSED_MS = 1_000;
/** The period in which a repeated event is logged once, then counted, in milliseconds. */
const TALLY_PERIOD = 10_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{1,19}$/;
/** Names that nobody may take, because they would not look like a user's. */
const RESERVED = new Set(["server", "system", "admin", "you", "main"]);
/** How an HTTP request and a TLS handshake begin; no chat client starts like that. */
const HTTP = /^[A-Z][A-Z\d_-]* \S+ HTTP\/\d/;
const TLS_HELLO = 22;
const IAC = 255;
/** All connections read into it. Each uses or copies its bytes before it waits. */
const INPUT = Buffer.alloc(65536);

const options = commandLine(
  "A chat server. Connect with any line client, such as telnet or nc.",
  FLAGS,
);
const log = openLog();
const tally = new Tally(TALLY_PERIOD, (event, times) => log.warn({ times }, event));
const { runtime, listener, pageListener } = open();

/** The names in use, without regard to case. */
class Names {
  readonly #taken = new Set<string>();
  readonly #fresh = distinctNames();

  /** Takes a name. @returns false when another user has it. */
  take(name: string): boolean {
    const key = name.toLowerCase();
    if (RESERVED.has(key) || this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  /** Takes a name that nobody has: nearly always the first that it tries. */
  takeRandom(): string {
    return takeName(this.#fresh, (name) => this.take(name));
  }

  /** Gives a name back, so that others can take it. */
  free(name: string): void {
    this.#taken.delete(name.toLowerCase());
  }
}

/** The number of connections, in all and from each network. */
class Places {
  readonly #networks = new Map<string, number>();
  #size = 0;

  /** Takes a place. @returns Why this address gets none; undefined when it gets one. */
  take(address: string): string | undefined {
    if (this.#size >= options["max-clients"]) return "Server is full";
    const network = clientNetwork(address);
    const count = this.#networks.get(network) ?? 0;
    const isLimited = options["limit-loopback"] || !isLoopback(address);
    if (isLimited && count >= options["per-address"])
      return "Too many connections from you";
    this.#size += 1;
    this.#networks.set(network, count + 1);
    return undefined;
  }

  /** Gives a place back. */
  free(address: string): void {
    const network = clientNetwork(address);
    this.#size -= 1;
    const left = (this.#networks.get(network) ?? 0) - 1;
    if (left > 0) this.#networks.set(network, left);
    else this.#networks.delete(network);
  }
}

/** The rooms, by name without regard to case. */
class Rooms {
  readonly #rooms = new Map<string, Room>();

  /** Sorted by number of users, most first, then by name. */
  all(): Room[] {
    return [...this.#rooms.values()].sort(
      (a, b) => b.size - a.size || (a.name < b.name ? -1 : 1),
    );
  }

  /** `main (3)`, `attic (1)`. */
  list(): string[] {
    return this.all().map((room) => `${room.name} (${room.size})`);
  }

  /** Finds or creates the room with that name. */
  open(name: string): Room {
    const key = name.toLowerCase();
    let room = this.#rooms.get(key);
    if (room === undefined) {
      // The room where all users start is called main, even if one reopens it as MAIN.
      room = new Room(key === "main" ? key : name, flushes);
      this.#rooms.set(key, room);
    }
    return room;
  }

  /** Removes a user from a room, and the room itself if it is now empty. */
  leave(room: Room, user: User): void {
    room.leave(user);
    if (room.size === 0) this.#rooms.delete(room.name.toLowerCase());
  }
}

/** The rooms with messages that are not flushed yet. */
const spoken = new Set<Room>();
runtime.onTurnEnd(() => {
  for (const room of spoken) if (room.settle()) spoken.delete(room);
  return spoken.size > 0;
});
const flushes: Flushes = {
  soon(room) {
    spoken.add(room);
  },
  later(room, ms) {
    runtime.spawn(
      coroutine(
        (function* (): Steps<void> {
          yield* wait(runtime.timers.sleep(ms));
          room.flush();
        })(),
      ),
    );
  },
  missed: (member) => note("lagged", { ...who(member), missed: member.missed }),
};
const names = new Names();
const rooms = new Rooms();
/** All users with a connection, including those that have left and still read. */
const users = new Set<User>();
const places = new Places();
let refused = 0;
let stopping = false;

/** The commands, each with the lines of its answer. */
const COMMANDS = new Map<string, (user: User, argument: string) => readonly string[]>([
  ["/help", () => HELP.trimEnd().split("\n")],
  ["/name", rename],
  ["/rooms", () => listed("Rooms - ", rooms.list(), LIST_LINE)],
  ["/join", changeRoom],
  ["/users", (user) => listed("Users - ", user.room.list(), LIST_LINE)],
]);

/** The users of the page, and the page itself. */
const sessions = new Sessions({
  hear,
  rooms: () => rooms.all(),
  spawn: (steps) => void runtime.spawn(coroutine(steps)),
  timers: runtime.timers,
});
const page = new Page(sessions, options["page-name"]);
/** A way into the chat: how to serve a client, and what to send to one that is refused. */
interface Door {
  serve(stream: AsyncStream, address: string): Steps<void>;
  refusal(why: string): string;
}
const CHAT_DOOR: Door = {
  serve: (stream, address) => handleUser(stream, address, Outbox, converse),
  refusal: (why) => why,
};
const PAGE_DOOR: Door = { serve: handleVisit, refusal: () => problem(503) };
const LIMITS: Limits = {
  head: options["head-limit"],
  body: options["max-line"],
  timeouts: {
    idle: options["idle-timeout"],
    head: options["head-timeout"],
    body: options["body-timeout"],
    send: options["send-timeout"],
  },
};

// Standard output may be a pipe whose reader goes away.
process.stdout.on("error", () => {});
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
// A terminal that closes should not take the chat with it.
process.on("SIGHUP", () => log.info("hangup ignored"));
runtime.spawn(coroutine(acceptAll(listener, CHAT_DOOR)));
if (pageListener) runtime.spawn(coroutine(acceptAll(pageListener, PAGE_DOOR)));
runtime.spawn(coroutine(closeStuck()));
const pageLine = pageListener
  ? `page on http://${hostAndPort(options.ip, pageListener.port)}/\n`
  : "";
console.log(`${pageLine}listening on ${hostAndPort(options.ip, listener.port)}`);
await runtime.runAsGuest();

/** Accepts clients until the listener is closed. */
function* acceptAll(from: AsyncListener, door: Door): Steps<void> {
  for (;;) {
    const got = yield* wait(from.accept());
    if (got === "closed") return;
    if (got === "full") {
      note("cannot accept", { error: "no descriptor is left" });
      yield* wait(runtime.timers.sleep(RETRY_DELAY));
    } else welcome(got, door);
  }
}

/** Starts a task for a connection, or refuses it. */
function welcome(stream: AsyncStream, door: Door): void {
  const address = stream.peerAddress();
  const why = address === undefined ? "You left" : places.take(address);
  if (address === undefined || why !== undefined) {
    note("refused", { from: address, why });
    runtime.spawn(coroutine(refuse(stream, door.refusal(`${why}, try again later\n`))));
    return;
  }
  stream.setKeepAlive(options["keep-alive"]);
  runtime.spawn(coroutine(door.serve(stream, address)));
}

/** Sends the reason, and gives the client a short time to read it. Takes no place. */
function* refuse(stream: AsyncStream, why: string): Steps<void> {
  stream.trySend(Buffer.from(why));
  stream.shutdown();
  refused += 1;
  try {
    if (refused <= REFUSED) {
      yield* wait(runtime.timers.timeout(coroutine(discard(stream)), REFUSED_MS));
    }
  } finally {
    refused -= 1;
    stream.close();
  }
}

/** Reads and discards until the client closes its end. */
function* discard(stream: AsyncStream): Steps<void> {
  while (typeof (yield* wait(stream.recv(INPUT))) === "number");
}

// #region user
/**
 * Serves a user from the greeting to the last byte, then gives back the connection's place.
 *
 * @param live Runs until the user leaves.
 */
function* handleUser<Out extends Outbox>(
  stream: AsyncStream,
  address: string,
  OutboxOf: new (...args: ConstructorParameters<typeof Outbox>) => Out,
  live: (user: User, out: Out) => Steps<void>,
): Steps<void> {
  const out = new OutboxOf(stream, options["max-queued"], spawn, () => {
    user.room.deliver(user);
  });
  const bucket = new TokenBucket(options.burst, options.rate);
  const room = rooms.open("main");
  const name = names.takeRandom();
  const user: User = {
    stream,
    from: address,
    out,
    bucket,
    name,
    room,
    cursor: 0,
    missed: 0,
  };
  users.add(user);
  try {
    room.join(user);
    sessions.changed();
    log.info(who(user), "connected");
    out.write(Buffer.from(`${HELP}You are ${user.name}\nYou joined ${room.name}\n`));
    yield* live(user, out);
    if (stream.closed) note("reset", who(user));
  } finally {
    rooms.leave(user.room, user);
    sessions.changed();
    names.free(user.name);
    log.info(who(user), "disconnected");
    out.end();
  }
  try {
    // A client that has finished sending may still be reading: what is queued goes out
    // first. What it still sends is read and dropped, because unread bytes cause a reset.
    yield* discard(stream);
    yield* wait(out.drained());
  } finally {
    stream.close();
    users.delete(user);
    places.free(address);
    if (stopping && users.size === 0) process.exit(0);
  }
}
// #endregion user

// #region visit
/** Answers a browser's requests until it leaves, or becomes a user by asking for events. */
function* handleVisit(stream: AsyncStream, address: string): Steps<void> {
  const visit = new Visit(stream, runtime.timers, LIMITS);
  let isUser = false;
  try {
    for (;;) {
      const request = yield* visit.next();
      if (request === undefined || stopping) return;
      if ("status" in request) return yield* visit.refuse(request);
      const outcome = yield* page.answer(request);
      if (outcome === "events") {
        if (!(yield* visit.send(beginEvents()))) return;
        isUser = true;
        const live = (user: User, out: EventOutbox) => sessions.live(user, out);
        return yield* handleUser(stream, address, EventOutbox, live);
      }
      if (!(yield* visit.send(outcome))) return;
      if (!request.keep) return yield* visit.linger();
    }
  } finally {
    if (!isUser) {
      stream.close();
      places.free(address);
    }
  }
}
// #endregion visit

/** Starts a task. */
function spawn(future: Future<void>): void {
  runtime.spawn(future);
}

// #region converse
/** Reads and answers a client's lines, until it leaves. */
function* converse(user: User): Steps<void> {
  const { stream, out, bucket } = user;
  const telnet = new TelnetFilter();
  const decoder = new LineDecoder(options["max-line"], safeTextOf);
  let isFirst = true;
  /** No telnet command has come. */
  let isPlain = true;
  for (;;) {
    const count = yield* wait(stream.recv(INPUT));
    if (typeof count !== "number" || out.ended) return;
    if (isFirst && decoder.isEmpty && INPUT[0] === TLS_HELLO) return;
    const at = isPlain && !isFirst && decoder.isEmpty ? sayPlain(user, count) : 0;
    if (at === count) continue;
    const rest = INPUT.subarray(at, count);
    isPlain &&= !rest.includes(IAC);
    for (const line of decoder.decode(telnet.filter(rest))) {
      const pay = bucket.take();
      if (pay > 0 && !(yield* pause(user, pay))) return;
      if (out.ended || stream.closed) return;
      if (isFirst && line !== undefined && HTTP.test(line)) return;
      isFirst = false;
      if (line === undefined) yield* reply(user, ["Lines must be UTF-8"]);
      else if (!line.startsWith("/")) yield* say(user, line);
      else if ((yield* obey(user, line)) === "quit") return;
    }
    if (decoder.tooLong) {
      note("line too long", who(user));
      return yield* reply(user, [`Lines can only be ${options["max-line"]} bytes long`]);
    }
    if (telnet.ended !== undefined) return;
  }
}

/**
 * Copies lines of plain text from the input to the room, up to the first that is something
 * else, or that exceeds the user's rate limit: most lines become no string.
 *
 * @returns Where the rest of the input begins.
 */
function sayPlain(user: User, count: number): number {
  const most = options["max-message"];
  let at = 0;
  while (at < count && user.bucket.hasToken) {
    const next = user.room.say(user, INPUT, at, count, most);
    if (next === -1) break;
    user.bucket.take();
    at = next;
  }
  return at;
}
// #endregion converse

/**
 * Stops reading from a client for `ms` milliseconds, so that the rest of a flood waits on
 * its own machine. False when the client leaves first.
 */
function* pause(user: User, ms: number): Steps<boolean> {
  note("flood", who(user));
  const late = runtime.timers.sleep(ms);
  const { from } = yield* wait(race({ late, gone: user.stream.writeClosed() }));
  return from === "late" && !user.out.ended;
}

/** Takes a line from the page, once the user's rate limit allows it. */
function* hear(user: User, line: string): Steps<"quit" | undefined> {
  const pay = user.bucket.take();
  if (pay > 0 && !(yield* pause(user, pay))) return undefined;
  if (line.startsWith("/")) return yield* obey(user, line);
  yield* say(user, line);
  return undefined;
}

function* say(user: User, line: string): Steps<void> {
  const limit = options["max-message"];
  if (isLongerThan(line, limit)) {
    return yield* reply(user, [`Messages can only be ${limit} chars long`]);
  }
  if (!isBlank(line)) user.room.send(`${user.name}: ${line}`);
}

function* obey(user: User, line: string): Steps<"quit" | undefined> {
  const [command = "", argument = ""] = line.split(/\s+/);
  if (command === "/quit") return "quit";
  const answer = COMMANDS.get(command);
  if (answer) yield* reply(user, answer(user, argument));
  else {
    const word = [...command].slice(0, 32).join("");
    yield* reply(user, [`Unrecognized command ${word}, try /help`]);
  }
  return undefined;
}

/**
 * Answers a client. The room's earlier messages go first, unless its kernel buffer is full.
 * Waits while its outbox is full, so we read nothing more from it (backpressure).
 */
function* reply(user: User, lines: readonly string[]): Steps<void> {
  user.room.deliver(user);
  for (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    if (!user.out.hasRoom(bytes.length)) yield* wait(user.out.fits(bytes.length));
    user.out.write(bytes);
  }
}

function rename(user: User, name: string): string[] {
  if (!NAME.test(name)) return ["Name must be 2 - 20 alphanumeric chars"];
  if (name === user.name) return [`You are ${name}`];
  const isSame = name.toLowerCase() === user.name.toLowerCase();
  if (!isSame && !names.take(name)) return [`${name} is already taken`];
  log.debug({ user: user.name, to: name }, "renamed");
  user.room.send(`${user.name} is now ${name}`);
  if (!isSame) names.free(user.name);
  user.name = name;
  sessions.changed();
  return [];
}

function changeRoom(user: User, name: string): string[] {
  if (!NAME.test(name)) return ["Room must be 2 - 20 alphanumeric chars"];
  const left = user.room;
  const room = rooms.open(name);
  if (room === left) return [`You are in ${left.name}`];
  rooms.leave(left, user);
  user.room = room;
  room.join(user);
  sessions.changed();
  log.debug({ user: user.name, from: left.name, to: room.name }, "changed room");
  return [`You left ${left.name}`, `You joined ${room.name}`];
}

/** Disconnects clients that take nothing that is queued, or do not close after we have. */
function* closeStuck(): Steps<never> {
  const period = Math.min(1_000, options["max-stuck"] * 250);
  for (;;) {
    yield* wait(runtime.timers.sleep(period));
    const { now } = runtime.timers;
    for (const { name, from, out, stream } of users) {
      if (out.stuckFor(now) < options["max-stuck"] * 1000) continue;
      log.warn({ user: name, from, bytes: out.bytes }, "stuck");
      stream.close();
    }
  }
}

/** Logs an event that may occur thousands of times: the first in full, then a count. */
function note(event: string, fields: Record<string, unknown>): void {
  if (tally.isFirst(event)) log.warn(fields, event);
}

/** Says goodbye and exits when all have closed, or after `grace`; called again, at once. */
function stop(signal: "SIGINT" | "SIGTERM"): void {
  if (stopping) process.exit(128 + constants.signals[signal]);
  stopping = true;
  tally.flush();
  log.info({ signal, clients: users.size }, "stopping");
  listener.close();
  pageListener?.close();
  if (users.size === 0) process.exit(0);
  for (const user of users) {
    // What was said before the goodbye goes out before it.
    user.room.handOver(user);
    user.out.end(Buffer.from("Server is shutting down, goodbye!\n"));
  }
  setTimeout(() => process.exit(0), options.grace * 1000);
}

/** Opens what depends on flags and environment, and so may fail. */
function open() {
  try {
    const { poller, ip, port } = options;
    const poll = openPoll({ poller: poller === "" ? undefined : poller });
    const runtime = new Runtime(poll, (error) => {
      const stack = error instanceof Error ? error.stack : `${error}`;
      log.error({ error: stack }, "lost a user");
    });
    const listener = listen(runtime, ip, port, "--port");
    const pagePort = pagePortFor(port);
    if (pagePort === undefined) return { runtime, listener };
    const pageListener = listen(runtime, ip, pagePort, "--page-port");
    return { runtime, listener, pageListener };
  } catch (error) {
    return fail(1, (error as Error).message);
  }
}

function listen(runtime: Runtime, ip: string, port: number, flag: string) {
  try {
    return runtime.listen(ip, port);
  } catch (error) {
    return fail(1, whyNotListening({ ip, port }, error as Error, flag));
  }
}

/** The port of the page; undefined when there is no page. */
function pagePortFor(port: number): number | undefined {
  const given = options["page-port"];
  if (given === "none") return undefined;
  if (given !== "") return Number(given);
  return port === 0 || port === 65535 ? 0 : port + 1;
}

/** A member in the log: its address is the same under all names. */
function who({ name, from }: Member) {
  return { user: name, from };
}

/** A log that cannot stop the server: readable text on a terminal, else JSON. */
function openLog() {
  const forPeople = process.stderr.isTTY ? prettyFactory({ colorize: true }) : String;
  const lost = (count: number) =>
    forPeople(
      `${JSON.stringify({ level: 40, time: Date.now(), count, msg: "log lost" })}\n`,
    );
  const output = new CountingLog(2, lost);
  return pino(
    { level: options["log-level"] },
    { write: (line: string) => output.write(forPeople(line)) },
  );
}

function fail(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}
