// r5-3-hundred: a connection closes after a hundred requests.
// Page: docs/r5-state-machine.md, exercise 3
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Deadlines, type Due, UNDUE } from "../../shared/deadlines.ts";
import { FileWorkers } from "../../shared/file-workers.ts";
import { problem, responseHead } from "../../shared/http.ts";
import { HeadReader } from "../../shared/http-head.ts";
import { TextAnswers } from "../../shared/http-text.ts";
import { SysError } from "../../shared/poll/ffi.ts";
import { runAsGuest } from "../../shared/poll/modes/guest.ts";
import { runLoop } from "../../shared/poll/modes/own.ts";
import { TcpListener, type TcpStream } from "../../shared/poll/net.ts";
import { Events } from "../../shared/poll/readiness/events.ts";
import {
  type Interest,
  READABLE,
  WRITABLE,
} from "../../shared/poll/readiness/interest.ts";
import type { Source } from "../../shared/poll/readiness/poll.ts";
import { openPoll } from "../../shared/poll/readiness/pollers.ts";
import { reservedToken, Slab, type Token } from "../../shared/poll/token.ts";
import {
  type Act,
  DEADLINES,
  type Event,
  IDLE,
  next,
  type Request,
  type State,
} from "../connection.ts";
import { requestOf } from "../routes.ts";

const PORT = Number(process.env.PORT ?? 42069);
const PUBLIC = fileURLToPath(new URL("../../shared/public/", import.meta.url));
const ROOT = process.env.ROOT ?? PUBLIC;
/** The most events that one wait returns. */
const EVENTS = 256;
/** When out of descriptors, retry after this many milliseconds, or when a client leaves. */
const RETRY_DELAY = 1000;
/** The most unsent bytes in the kernel, so that even a slow reader soon makes room for more. */
const UNSENT_LIMIT = 524288;
/** How long a client's input is discarded after our half-close, in milliseconds. */
const LINGER = 2000;
/** The most requests on one connection. */
const REQUESTS = 100;
/** A client's budget per turn: bytes read, and steps (enough for some twenty requests). */
const READ_BUDGET = 65536;
const STEP_BUDGET = 64;
const FLAGS = {
  "head-limit": 16384,
  "target-limit": 8000,
  "body-limit": 1048576,
  "head-timeout": 10000,
  "idle-timeout": 5000,
  "body-timeout": 30000,
  "send-timeout": 30000,
  workers: 2,
};

interface Connection extends Due {
  readonly stream: TcpStream;
  token: Token;
  state: State;
  /** How many requests it has made. */
  requests: number;
  /** Input that has not been consumed: not parsed yet, or incomplete. */
  left: Buffer;
  /** The socket is drained: reading again is pointless before the next event. */
  isDrained: boolean;
  /** The client has finished sending. */
  isFinished: boolean;
}

const LISTENER = reservedToken(0);
const WAKER = reservedToken(1);
const { poll, listener, waker, files, options } = await open();
console.log(`listening on 127.0.0.1:${listener.localAddress().port}`);

const NOTHING = Buffer.alloc(0);
/** The initial fields of a connection, besides its stream and token. */
const INITIAL = {
  state: IDLE,
  left: NOTHING,
  isDrained: false,
  isFinished: false,
  ...UNDUE,
};
const [CR, LF] = [13, 10];
const timeouts = {
  idle: options["idle-timeout"],
  head: options["head-timeout"],
  body: options["body-timeout"],
  // Each request brings its own.
  delay: 0,
  send: options["send-timeout"],
  linger: LINGER,
};
const connections = new Slab<Connection>();
const deadlines = new Deadlines<Connection>();
const texts = new TextAnswers();
/** Needed only during one client's turn, so all clients can share these two. */
const head = new HeadReader({
  head: options["head-limit"],
  target: options["target-limit"],
});
const input = Buffer.alloc(options["head-limit"] + READ_BUDGET);
/** The unconsumed bytes of the current client: `input.subarray(from, to)`. */
let from = 0;
let to = 0;
/** Connections that have used up their budget. They continue after the others. */
let unfinished = new Set<Connection>();
/** How many more bytes may be read from the current client in this turn. */
let readLeft = 0;
/** The time of this turn, in milliseconds on a monotonic clock. */
let now = performance.now();
/** When accepting stopped for lack of descriptors. New clients stay in the backlog. */
let full: number | undefined;
/** Set by SIGINT or SIGTERM: requests in progress may finish until `ends`. */
let stopping = false;
let ends = Infinity;

poll.registry.register(listener, LISTENER, READABLE);
const events = new Events(EVENTS);
if (process.platform === "win32") runLoop(poll, events, turn);
else {
  process.once("SIGINT", stop).once("SIGTERM", stop);
  await runAsGuest(poll, events, turn);
}
files.end();

// #region turn
/** Handles a batch of events. @returns The next timeout in milliseconds; null for none. */
function turn(events: Events): number | null | "end" {
  now = performance.now();
  const others = unfinished;
  unfinished = new Set();
  for (let event = 0; event < events.length; event += 1) {
    const token = events.token(event);
    const connection = connections.get(token);
    if (token === LISTENER) acceptClients();
    else if (token === WAKER) takeFiles();
    else if (connection) {
      connection.isFinished ||= events.isReadClosed(event);
      if (events.isReadable(event)) connection.isDrained = false;
      // A connection waiting for a file does not read, so this is how it notices a reset.
      if (events.isWriteClosed(event)) transition(connection, { is: "reset" });
      proceed(connection);
    }
  }
  for (const connection of others) proceed(connection);
  for (;;) {
    const late = deadlines.take(now);
    if (late === undefined) break;
    transition(late, { is: "late" });
    proceed(late);
  }
  if (full !== undefined && now >= full + RETRY_DELAY) acceptAgain();
  if (stopping && (connections.size === 0 || now >= ends)) return "end";
  if (unfinished.size > 0) return 0;
  const again = full === undefined ? Infinity : full + RETRY_DELAY;
  const due = Math.min(deadlines.next, again, ends);
  return due === Infinity ? null : Math.max(0, due - now);
}
// #endregion turn

/** Runs a connection until it would block, or until its budget is used up. */
function proceed(connection: Connection): void {
  readLeft = READ_BUDGET;
  from = 0;
  to = connection.left.length > 0 ? connection.left.copy(input) : 0;
  let isBlocked = false;
  for (let step = 0; step < STEP_BUDGET && readLeft > 0 && !isBlocked; step += 1) {
    const event = attempt(connection);
    isBlocked = event === "blocked";
    if (typeof event === "object") transition(connection, event);
  }
  if (!isBlocked) unfinished.add(connection);
  // The buffer is shared, so the connection keeps a copy of what it has not consumed.
  connection.left = from < to ? Buffer.from(input.subarray(from, to)) : NOTHING;
}

/** Tries what the state is waiting for; "again" if there is new input to parse. */
function attempt(connection: Connection): Event | "blocked" | "again" {
  const { state, stream } = connection;
  switch (state.is) {
    case "idle":
      skipEmptyLines();
      return from < to ? { is: "bytes" } : read(connection);
    case "head":
      return readHead(connection) ?? read(connection);
    case "body":
      return readBody(state.request) ?? read(connection);
    case "writing": {
      const count = stream.write(state.bytes);
      if (count === "blocked") return "blocked";
      return count === "reset" ? { is: "reset" } : { is: "sent", count };
    }
    case "lingering":
      from = to;
      return read(connection);
    case "delayed":
    case "waiting":
    case "closed":
      return "blocked";
    default:
      return state satisfies never;
  }
}

/** Reads more input, after what is already in the buffer. */
function read(connection: Connection): Event | "blocked" | "again" {
  if (connection.isDrained) return "blocked";
  if (from > 0) input.copyWithin(0, from, to);
  to -= from;
  from = 0;
  // The buffer is usually empty; then it is used directly, without creating a view.
  const room = to === 0 ? input : input.subarray(to, to + readLeft);
  const count = connection.stream.read(room);
  if (count === "blocked") return "blocked";
  if (count === "end" || count === "reset") return { is: count };
  // A short read has drained the socket; later bytes raise a new event.
  connection.isDrained = count < room.length && !connection.isFinished;
  readLeft -= count;
  to += count;
  return "again";
}

/** Skips empty lines: some old clients send one after a body (RFC 9112, section 2.2). */
function skipEmptyLines(): void {
  while (from + 1 < to && input[from] === CR && input[from + 1] === LF) from += 2;
}

/** Parses the head. @returns Undefined while it is incomplete. */
function readHead(connection: Connection): Event | undefined {
  const result = head.read(input, from, to);
  if (result === "more") return undefined;
  const request = result === "whole" ? requestOf(head, options["body-limit"]) : result;
  if (typeof request === "number") {
    return { is: "refused", status: request, method: head.method };
  }
  from += head.length;
  connection.requests += 1;
  const keep = request.keep && connection.requests < REQUESTS;
  return { is: "request", request: { ...request, keep } };
}

/** Reads the body. @returns Undefined while it is incomplete. */
function readBody({ body, method }: Request): Event | undefined {
  const result = body?.read(input, from, to) ?? { at: from, is: "whole" };
  from = result.at;
  if (result.is === "more") return undefined;
  if (result.is === "whole") return { is: "body" };
  return { is: "refused", status: result.is, method };
}

// #region transition
/** Applies an event: moves to the next state, and performs the act that goes with it. */
function transition(connection: Connection, event: Event): void {
  if (connection.state.is === "closed") return;
  const { state, act } = next(connection.state, event);
  connection.state = state;
  const deadline = DEADLINES[state.is];
  if (deadline === undefined) deadlines.set(connection, Infinity);
  else {
    const own = state.is === "delayed" ? state.request.delay : 0;
    deadlines.set(connection, now + timeouts[deadline] + own);
  }
  if (act) perform(connection, act);
  // While stopping, no new request may begin.
  if (stopping && state.is === "idle") transition(connection, { is: "late" });
}
// #endregion transition

function perform(connection: Connection, act: Act): void {
  switch (act.do) {
    case "answer":
      answer(connection, act.request);
      break;
    case "refuse": {
      const bytes = Buffer.from(problem(act.status, act.method));
      transition(connection, { is: "answer", bytes, more: false });
      break;
    }
    case "more":
      files.read(connection, act.into);
      break;
    case "finish":
      connection.stream.shutdown();
      break;
    case "close":
    case "reset":
      drop(connection, act.do);
      break;
    default:
      act satisfies never;
  }
}

/** Makes an answer, or requests one from a file worker, which arrives in `takeFiles`. */
function answer(connection: Connection, { method, keep, wants }: Request): void {
  const how = keep && !stopping ? "keep-alive" : "close";
  if (wants.is === "file") {
    const { segments, conditions } = wants;
    const request = { method, segments, conditions, connection: how } as const;
    files.open(connection, request);
    return;
  }
  const text =
    wants.is === "text"
      ? texts.answer(wants.text, method, how, now)
      : wants.status === 204
        ? responseHead(204, { Allow: "GET, HEAD, OPTIONS", Connection: how })
        : problem(wants.status, method, { Connection: how });
  transition(connection, { is: "answer", bytes: Buffer.from(text), more: false });
}

/** Passes the file workers' results to their connections. */
function takeFiles(): void {
  for (;;) {
    const result = files.take();
    if (result === undefined) return;
    const { reader: connection, bytes, more } = result;
    transition(connection, bytes ? { is: "answer", bytes, more } : { is: "cut" });
    proceed(connection);
  }
}

/** Accepts all waiting clients: edge-triggered, they are not reported again. */
function acceptClients(): void {
  for (;;) {
    const stream = listener.accept();
    if (stream === "blocked") return;
    if (stream === "full") {
      poll.registry.deregister(listener);
      full = now;
      return;
    }
    // Each answer is one write, so Nagle's algorithm would only delay its last segment.
    stream.setNoDelay(true);
    stream.setUnsentLimit(UNSENT_LIMIT);
    const connection = { stream, token: -1, requests: 0, ...INITIAL };
    connection.token = connections.add(connection);
    deadlines.set(connection, now + timeouts.idle);
    // Registers both directions once: edge-triggered, an unused interest costs nothing.
    if (!watch(stream, connection.token, READABLE | WRITABLE)) drop(connection, "close");
  }
}

/** Returns false if the kernel has no room for this source (ENOSPC, ENOMEM). */
function watch(source: Source, token: Token, interest: Interest): boolean {
  try {
    poll.registry.register(source, token, interest);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function drop(connection: Connection, how: "close" | "reset"): void {
  connections.remove(connection.token);
  deadlines.remove(connection);
  unfinished.delete(connection);
  files.close(connection);
  connection.stream[how]();
  acceptAgain();
}

/** Resumes accepting: a descriptor is free, or another process may have released one. */
function acceptAgain(): void {
  if (full === undefined || stopping) return;
  full = watch(listener, LISTENER, READABLE) ? undefined : now;
}

/** Stops accepting clients, and lets requests in progress finish until a deadline. */
function stop(): void {
  now = performance.now();
  stopping = true;
  ends = now + timeouts.send;
  full = undefined;
  listener.close();
  for (const connection of [...connections]) {
    if (connection.state.is === "idle") transition(connection, { is: "late" });
  }
  waker.wake();
}

/** Opens what depends on flags and environment; on failure, prints one line and exits. */
async function open() {
  try {
    const names = Object.keys(FLAGS) as (keyof typeof FLAGS)[];
    const flags = names.map((name) => [name, { type: "string" }] as const);
    const { values } = parseArgs({
      options: { poller: { type: "string" }, ...Object.fromEntries(flags) },
    });
    const { poller, ...numbers }: Record<string, string | boolean | undefined> = values;
    const options = { ...FLAGS };
    for (const name of names) {
      const value = numbers[name] ?? `${FLAGS[name]}`;
      options[name] = Number(value);
      if (/^[1-9]\d{0,8}$/.test(`${value}`)) continue;
      throw new Error(`Cannot use --${name} ${value}: it must be a positive integer`);
    }
    if (!statSync(ROOT, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`Cannot serve ${ROOT}: it is not a folder`);
    }
    const poll = openPoll({ poller: poller?.toString() });
    const listener = TcpListener.listen("127.0.0.1", PORT);
    const waker = poll.openWaker(WAKER);
    const files = new FileWorkers<Connection>(ROOT, options.workers, waker);
    await files.start();
    return { poll, listener, waker, files, options };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
