// r4-poll: the same loop on a library with one interface to epoll, kqueue, poll and others.
// Page: docs/r4-poll.md
// Defect: a client's state is spread over fields that may contradict each other; r5 fixes
// that.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { methodStatus, problem, responseHead } from "../shared/http.ts";
import { HeadReader } from "../shared/http-head.ts";
import { SysError } from "../shared/poll/ffi.ts";
import { TcpListener, type TcpStream } from "../shared/poll/net.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../shared/poll/readiness/interest.ts";
import type { Source } from "../shared/poll/readiness/poll.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import { reservedToken, Slab, type Token } from "../shared/poll/token.ts";
import { contentType, filePathOf, statusWithout } from "../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../shared/public/", import.meta.url));
/** How much of a file we read at a time, in bytes. */
const PIECE = 65536;
const { O_RDONLY, O_NONBLOCK = 0 } = constants;
/** The most events that one wait returns. */
const EVENTS = 256;
/** When out of descriptors, retry after this many milliseconds, or when a client leaves. */
const RETRY_DELAY = 1000;

interface Client {
  readonly stream: TcpStream;
  token: Token;
  /** The bytes of its request so far. */
  head: Buffer;
  /** The bytes to write next; undefined until the request is complete. */
  out: Buffer | undefined;
  /** The file with what follows `out`, if any, and how many bytes of it are left. */
  file: number | undefined;
  left: number;
}

const { poll, listener } = open();
console.log(`listening on 127.0.0.1:${listener.localAddress().port}`);

const events = new Events(EVENTS);
const clients = new Slab<Client>();
/** Needed only during one client's turn, so all clients can share these two. */
const request = new HeadReader();
const input = Buffer.alloc(4096);
const LISTENER = reservedToken(0);
/** When accepting stopped for lack of descriptors, by `performance.now()`. */
let full: number | undefined;
poll.registry.register(listener, LISTENER, READABLE);
for (;;) {
  // The only call that blocks: it waits for any of the sockets.
  poll.poll(events, full === undefined ? null : RETRY_DELAY);
  if (full !== undefined && performance.now() >= full + RETRY_DELAY) acceptAgain();
  for (let event = 0; event < events.length; event += 1) {
    const token = events.token(event);
    // A client that an earlier event has closed is not found: another may have its slot,
    // but none has its token.
    const client = clients.get(token);
    if (token === LISTENER) acceptClients();
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

/** Accepts all waiting clients: edge-triggered, they are not reported again. */
function acceptClients(): void {
  for (;;) {
    const stream = listener.accept();
    if (stream === "blocked") return;
    if (stream === "full") {
      // Registering it again, once there is room, reports the clients that wait.
      poll.registry.deregister(listener);
      full = performance.now();
      return;
    }
    const head = Buffer.alloc(0);
    const client = { stream, token: -1, head, out: undefined, file: undefined, left: 0 };
    client.token = clients.add(client);
    if (!watch("register", stream, client.token, READABLE)) closeClient(client);
  }
}

/** Returns false if the kernel has no room for this source (ENOSPC, ENOMEM). */
function watch(
  how: "register" | "reregister",
  source: Source,
  token: Token,
  interest: Interest,
): boolean {
  try {
    poll.registry[how](source, token, interest);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

function closeClient(client: Client): void {
  clients.remove(client.token);
  closeFile(client);
  client.stream.close();
  acceptAgain();
}

/** Resumes accepting: a descriptor is free, or another process may have released one. */
function acceptAgain(): void {
  if (full === undefined) return;
  const isWatched = watch("register", listener, LISTENER, READABLE);
  full = isWatched ? undefined : performance.now();
}

/** Goes as far as it can without blocking. False when the client is done. */
function handleClient(client: Client): boolean {
  return client.out ? writeResponse(client, client.out) : readRequest(client);
}

function readRequest(client: Client): boolean {
  for (;;) {
    const count = client.stream.read(input);
    if (count === "blocked") return true;
    if (count === "end" || count === "reset") return false;
    client.head = Buffer.concat([client.head, input.subarray(0, count)]);
    const result = request.read(client.head, 0, client.head.length);
    if (result === "more") continue;
    const status = result === "whole" ? methodStatus(request.method) : result;
    const out = status === 200 ? openFile(client) : status;
    client.out =
      typeof out === "number" ? Buffer.from(problem(out, request.method)) : out;
    return writeResponse(client, client.out);
  }
}

/** Writes what the kernel takes, then reads at most one piece of the file. */
function writeResponse(client: Client, out: Buffer): boolean {
  const count = client.stream.write(out);
  if (count === "reset") return false;
  const rest = out.subarray(count === "blocked" ? 0 : count);
  client.out = rest.length > 0 ? rest : nextPiece(client);
  if (client.out.length === 0) return false;
  // From now on we wait for room. If there still is some, registering again reports it
  // again, so the client continues in the next turn, after the others had theirs.
  return watch("reregister", client.stream, client.token, WRITABLE);
}

/**
 * Opens the requested file.
 *
 * @returns The head of the response and the first piece, to be sent by one write, which
 *   saves a call and a packet; or the status that says why there is no file.
 */
function openFile(client: Client): Buffer | number {
  const path = filePathOf(FOLDER, request.target);
  if (path === undefined) return 404;
  try {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    client.file = openSync(path, O_RDONLY | O_NONBLOCK);
    const stat = fstatSync(client.file);
    if (!stat.isFile()) return 404;
    const fields = {
      "Content-Type": contentType(path),
      "Content-Length": stat.size,
      Connection: "close",
    };
    const head = Buffer.from(responseHead(200, fields));
    if (request.method === "HEAD") return head;
    client.left = stat.size;
    return Buffer.concat([head, nextPiece(client)]);
  } catch (error) {
    return statusWithout((error as NodeJS.ErrnoException).code);
  }
}

/**
 * Reads the next piece of the file, and may block on the disk. Empty after the promised
 * length, or when the file has been truncated.
 */
function nextPiece(client: Client): Buffer {
  // Not `alloc`: filling it with zeros takes longer than reading a small file.
  const piece = Buffer.allocUnsafe(Math.min(client.left, PIECE));
  if (client.file === undefined || client.left === 0) return piece.subarray(0, 0);
  try {
    const count = readSync(client.file, piece);
    client.left -= count;
    return piece.subarray(0, count);
  } catch {
    // The disk has failed: the client sees a body shorter than its Content-Length.
    return piece.subarray(0, 0);
  }
}

function closeFile(client: Client): void {
  if (client.file !== undefined) closeSync(client.file);
  client.file = undefined;
}
