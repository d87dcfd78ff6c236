// r4-poll, beside the server: a minimal HTTP/1.1 server with persistent connections, with
// which `just bench http` measures what the library costs.
import { parseArgs } from "node:util";
import { methodStatus, problem, responseHead } from "../shared/http.ts";
import { HEAD_LIMIT, HeadReader } from "../shared/http-head.ts";
import { SysError } from "../shared/poll/ffi.ts";
import { TcpListener, type TcpStream } from "../shared/poll/net.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../shared/poll/readiness/interest.ts";
import type { Source } from "../shared/poll/readiness/poll.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import { reservedToken, Slab, type Token } from "../shared/poll/token.ts";

const PORT = Number(process.env.PORT ?? 42069);
/** How long a client may be silent, in milliseconds; the same as in `node:http`. */
const IDLE_TIMEOUT = 5000;
/** The time between two ticks, in milliseconds: a second, the resolution of `Date`. */
const TICK = 1000;
const ROUTES: ReadonlyMap<string, string> = new Map([["/", "Hello, world!\n"]]);

interface Client {
  readonly stream: TcpStream;
  token: Token;
  /** The bytes of an incomplete request. */
  partial: Buffer;
  /** Output that the kernel has not taken yet; while there is any, we read nothing more. */
  out: Buffer;
  /** Whether its last request has been answered. */
  last: boolean;
  /** When it last sent something that we used, or took an answer, by the clock of `now`. */
  lastActive: number;
}

const { poll, listener } = open();
console.log(`listening on 127.0.0.1:${listener.localAddress().port}`);

const events = new Events(256);
const clients = new Slab<Client>();
const LISTENER = reservedToken(0);
const NOTHING = Buffer.alloc(0);
/** A client is answered before another is read, so all of them can share these two. */
const input = Buffer.alloc(HEAD_LIMIT + 65536);
const head = new HeadReader();
/** This second's answers, by target, for connections that stay open. */
const ready = new Map<string, Buffer>();
/** In milliseconds, monotonic: if the wall clock jumped, all clients would seem silent. */
let now = performance.now();
let nextTick = now;
/** Whether the listener is not watched, for lack of descriptors, until the next tick. */
let full = true;

for (;;) {
  if (now >= nextTick) tick();
  poll.poll(events, TICK);
  now = performance.now();
  for (let event = 0; event < events.length; event += 1) {
    const token = events.token(event);
    const client = clients.get(token);
    if (token === LISTENER) acceptClient();
    else if (client && !handleClient(client)) closeClient(client);
  }
}

/** Opens what depends on flags and environment; on failure, prints one line and exits. */
function open() {
  try {
    const { values } = parseArgs({ options: { poller: { type: "string" } } });
    const poll = openPoll(values);
    return { poll, listener: TcpListener.listen("127.0.0.1", PORT) };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** Each second: renews the date in answers, closes silent clients, accepts again. */
function tick(): void {
  nextTick = now + TICK;
  for (const target of ROUTES.keys()) {
    const { start, body } = responseTo(target, true);
    ready.set(target, Buffer.from(start + body));
  }
  const silent = [...clients].filter(({ lastActive }) => lastActive < now - IDLE_TIMEOUT);
  for (const client of silent) closeClient(client);
  if (full) full = !watch("register", listener, LISTENER, READABLE);
}

function acceptClient(): void {
  const stream = listener.accept();
  if (stream === "blocked") return;
  if (stream === "full") {
    poll.registry.deregister(listener);
    full = true;
    return;
  }
  stream.setNoDelay(true);
  const client = {
    stream,
    token: -1,
    partial: NOTHING,
    out: NOTHING,
    last: false,
    lastActive: now,
  };
  client.token = clients.add(client);
  if (!watch("register", stream, client.token, READABLE)) closeClient(client);
}

/**
 * Level-triggered: one read usually takes all that a client has sent; otherwise the rest is
 * reported again. Edge-triggered, each event would need a second read, to get "blocked".
 *
 * @returns False if the kernel has no room for this source (ENOSPC, ENOMEM).
 */
function watch(
  how: "register" | "reregister",
  source: Source,
  token: Token,
  interest: Interest,
): boolean {
  try {
    poll.registry[how](source, token, interest, "level");
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function closeClient(client: Client): void {
  clients.remove(client.token);
  client.stream.close();
}

/** False when the client is done. */
function handleClient(client: Client): boolean {
  if (client.out.length > 0) return send(client, client.out);
  const partial = client.partial.length === 0 ? 0 : client.partial.copy(input);
  const count = client.stream.read(partial === 0 ? input : input.subarray(partial));
  if (typeof count !== "number") return count === "blocked";
  // It has its last answer. Closing while it still sends would reset the connection, and
  // might lose the answer (RFC 9112, section 9.6).
  if (client.last) return true;
  client.lastActive = now;
  return answer(client, partial + count);
}

/** Answers all complete requests of the input with one write. */
function answer(client: Client, length: number): boolean {
  const answers: Buffer[] = [];
  let at = 0;
  while (!client.last) {
    const result = head.read(input, at, length);
    if (result === "more") break;
    const isUsual =
      result === "whole" && head.method === "GET" && head.keepAlive && !head.hasBody;
    const quick = isUsual ? ready.get(head.target) : undefined;
    answers.push(quick ?? slowAnswer(client, result));
    at += head.length;
  }
  const isAll = at === length || client.last;
  client.partial = isAll ? NOTHING : Buffer.from(input.subarray(at, length));
  const first = answers[0];
  if (first === undefined) return true;
  return send(client, answers.length === 1 ? first : Buffer.concat(answers));
}

/** The answer to any head. Most of these answers are the connection's last. */
function slowAnswer(client: Client, result: "whole" | number): Buffer {
  const status = result === "whole" ? statusOf() : result;
  client.last = status !== 200 || !head.keepAlive;
  if (result !== "whole") return Buffer.from(problem(result));
  if (status !== 200) return Buffer.from(problem(status, head.method));
  const { start, body } = responseTo(head.target, head.keepAlive);
  return Buffer.from(head.method === "HEAD" ? start : start + body);
}

function statusOf(): number {
  // We read no bodies, so we do not know where the next request begins.
  if (head.hasBody) return 413;
  const status = methodStatus(head.method);
  return status === 200 && !ROUTES.has(head.target) ? 404 : status;
}

function responseTo(target: string, keepAlive: boolean) {
  const body = ROUTES.get(target) ?? "";
  const fields = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": body.length,
    Connection: keepAlive ? "keep-alive" : "close",
  };
  return { start: responseHead(200, fields), body };
}

/** Sends what the kernel takes, and keeps the rest until it has room. */
function send(client: Client, bytes: Buffer): boolean {
  const count = client.stream.write(bytes);
  if (count === "reset") return false;
  if (count !== "blocked") client.lastActive = now;
  const waited = client.out.length > 0;
  const sent = count === "blocked" ? 0 : count;
  client.out = sent === bytes.length ? NOTHING : bytes.subarray(sent);
  const waits = client.out.length > 0;
  const interest = waits ? WRITABLE : READABLE;
  if (waits !== waited && !watch("reregister", client.stream, client.token, interest)) {
    return false;
  }
  if (client.last && !waits) client.stream.shutdown();
  return true;
}
