// r3-2-deadline: closes clients idle for a second, and sleeps until the next deadline.
// Page: docs/r3-epoll.md, exercise 2
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { getSystemErrorName } from "node:util";
import koffi from "koffi";
import { methodStatus, problem, responseHead } from "../../shared/http.ts";
import { HeadReader } from "../../shared/http-head.ts";
import { ipv4Address, portOf } from "../../shared/poll/address.ts";
import { epollLayout, socketLayout } from "../../shared/poll/sys/layout.ts";
import { contentType, filePathOf, statusWithout } from "../../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../../shared/public/", import.meta.url));
/** How many clients may wait to be accepted. */
const BACKLOG = 511;
/** How much of a file we read at a time, in bytes. */
const PIECE = 65536;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, SOCK_NONBLOCK, SOCK_CLOEXEC } =
  socketLayout();
const { O_RDONLY, O_NONBLOCK } = constants;
const { EAGAIN, EINTR, EMFILE, ENFILE, ENOBUFS, ENOMEM } = os.constants.errno;
/** Errors of `accept4` when this process, or the system, has no room for another client. */
const FULL = [EMFILE, ENFILE, ENOBUFS, ENOMEM];
const { EPOLLIN, EPOLLOUT, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CLOEXEC, stride, data } =
  epollLayout();
/** The most events that one wait returns. */
const EVENTS = 256;
/** How long a client may be idle, and we wait for a free descriptor, in milliseconds. */
const TIMEOUT = 1000;
/** Makes a socket non-blocking: calls that would block fail with EAGAIN instead. */
const NO_WAIT = (SOCK_NONBLOCK ?? 0) | (SOCK_CLOEXEC ?? 0);

// The C library has a function for each system call. It is in this process already, because
// Node uses it too.
const libc = koffi.load(null);
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func("int setsockopt(int, int, int, void *value, uint32_t)");
const bind = libc.func("int bind(int, void *address, uint32_t length)");
const listen = libc.func("int listen(int, int backlog)");
const getsockname = libc.func("int getsockname(int, void *address, void *length)");
const accept4 = libc.func("int accept4(int, void *address, void *length, int flags)");
const read = libc.func("intptr_t read(int, void *buffer, size_t size)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const epoll_create1 = libc.func("int epoll_create1(int flags)");
const epoll_ctl = libc.func("int epoll_ctl(int epoll, int operation, int, void *event)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");
const close = libc.func("int close(int)");

interface Client {
  readonly socket: number;
  /** The bytes of its request so far. */
  head: Buffer;
  /** The bytes to write next; undefined until the request is complete. */
  out: Buffer | undefined;
  /** The file with what follows `out`, if any, and how many bytes of it are left. */
  file: number | undefined;
  left: number;
  /** When it is closed unless it sends or takes something, by `performance.now()`. */
  due: number;
}

const listener = must("open a socket", socket(AF_INET, SOCK_STREAM | NO_WAIT, 0));
// Without it, the port stays taken for a minute after a server with clients has ended
// (socket(7); TIME_WAIT in RFC 9293, section 3.3.2).
must(
  "reuse the port",
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, Int32Array.of(1), 4),
);
must(`take port ${PORT}`, bind(listener, ipv4Address("127.0.0.1", PORT), 16));
must("listen", listen(listener, BACKLOG));
const address = Buffer.alloc(16);
must("ask for the address", getsockname(listener, address, Uint32Array.of(16)));
console.log(`listening on 127.0.0.1:${portOf(address)}`);

const epoll = must("open an epoll", epoll_create1(EPOLL_CLOEXEC));
const events = new Int32Array(EVENTS * stride);
/** In the order of their deadlines, because an active client moves to the end. */
const clients = new Map<number, Client>();
/** Needed only during one client's turn, so all clients can share these two. */
const request = new HeadReader();
const input = Buffer.alloc(4096);
/** When accepting stopped for lack of descriptors, by `performance.now()`. */
let full: number | undefined;
must("watch the listener", watch(EPOLL_CTL_ADD, listener, EPOLLIN));
for (;;) {
  // The only call that blocks: it waits for any of the sockets, and for the next deadline.
  const count = epoll_wait(epoll, events, EVENTS, closeWhoIsDue());
  if (count === -1 && koffi.errno() !== EINTR) must("wait", count);
  if (full !== undefined && performance.now() >= full + TIMEOUT) acceptAgain();
  for (let event = 0; event < count; event += 1) {
    const socket = events[event * stride + data];
    const client = socket === undefined ? undefined : clients.get(socket);
    if (socket === listener) acceptClient();
    else if (client && !handleClient(client)) closeClient(client);
  }
}

/** Closes idle clients. @returns How long to wait, in milliseconds; -1 for no limit. */
function closeWhoIsDue(): number {
  const now = performance.now();
  for (const client of clients.values()) {
    // Rounded up, because a wait that ends too early would be followed by waits of 0 ms.
    if (client.due > now) return Math.ceil(client.due - now);
    closeClient(client);
  }
  return full === undefined ? -1 : TIMEOUT;
}

function active(client: Client): void {
  client.due = performance.now() + TIMEOUT;
  clients.delete(client.socket);
  clients.set(client.socket, client);
}

function acceptClient(): void {
  const socket = accept4(listener, null, null, NO_WAIT);
  if (socket === -1) {
    if (!FULL.includes(koffi.errno())) return;
    // A waiting client keeps the listener ready, which would wake us again and again.
    must("stop accepting", watch(EPOLL_CTL_MOD, listener, 0));
    full = performance.now();
    return;
  }
  const head = Buffer.alloc(0);
  const client = { socket, head, out: undefined, file: undefined, left: 0, due: 0 };
  active(client);
  if (watch(EPOLL_CTL_ADD, socket, EPOLLIN) === -1) closeClient(client);
}

/** Returns -1 if the kernel has no room for this socket (ENOSPC, ENOMEM). */
function watch(operation: number, socket: number, events: number): number {
  const event = new Int32Array(stride);
  event[0] = events;
  event[data] = socket;
  return epoll_ctl(epoll, operation, socket, event);
}

function closeClient(client: Client): void {
  clients.delete(client.socket);
  closeFile(client);
  // Closing its last descriptor removes a socket from every epoll (epoll(7)).
  close(client.socket);
  acceptAgain();
}

/** Resumes accepting: a descriptor is free, or another process may have released one. */
function acceptAgain(): void {
  if (full === undefined) return;
  must("accept again", watch(EPOLL_CTL_MOD, listener, EPOLLIN));
  full = undefined;
}

/** Goes as far as it can without blocking. False when the client is done. */
function handleClient(client: Client): boolean {
  return client.out ? writeResponse(client, client.out) : readRequest(client);
}

function readRequest(client: Client): boolean {
  const count = read(client.socket, input, input.length);
  // Nothing to read yet, which is not an error.
  if (count === -1 && koffi.errno() === EAGAIN) return true;
  active(client);
  if (count <= 0) return false;
  client.head = Buffer.concat([client.head, input.subarray(0, count)]);
  const result = request.read(client.head, 0, client.head.length);
  if (result === "more") return true;
  const status = result === "whole" ? methodStatus(request.method) : result;
  const out = status === 200 ? openFile(client) : status;
  client.out = typeof out === "number" ? Buffer.from(problem(out, request.method)) : out;
  if (!writeResponse(client, client.out)) return false;
  // The kernel's buffer is full, so from now on we wait for room in it.
  return watch(EPOLL_CTL_MOD, client.socket, EPOLLOUT) !== -1;
}

/** Writes what the kernel takes, then reads at most one piece of the file. */
function writeResponse(client: Client, out: Buffer): boolean {
  const count = write(client.socket, out, out.length);
  // The kernel's buffer is full: the client reads more slowly than we write.
  if (count === -1) return koffi.errno() === EAGAIN;
  active(client);
  client.out = count < out.length ? out.subarray(count) : nextPiece(client);
  return client.out.length > 0;
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

/** Returns a call's result, or exits with errno's name if the call has failed (-1). */
function must(what: string, result: number): number {
  if (result !== -1) return result;
  console.error(`Cannot ${what}: ${getSystemErrorName(-koffi.errno())}`);
  process.exit(1);
}
