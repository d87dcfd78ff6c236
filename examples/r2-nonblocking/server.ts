// r2-nonblocking: polls every client in turn, and never blocks on one.
// Page: docs/r2-nonblocking.md
// Defect: it never sleeps, and uses a whole core even without clients; r3 fixes that.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { getSystemErrorName } from "node:util";
import koffi from "koffi";
import { methodStatus, problem, responseHead } from "../shared/http.ts";
import { HeadReader } from "../shared/http-head.ts";
import { ipv4Address, portOf } from "../shared/poll/address.ts";
import { socketLayout } from "../shared/poll/sys/layout.ts";
import { contentType, filePathOf, statusWithout } from "../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../shared/public/", import.meta.url));
/** How many clients may wait to be accepted. */
const BACKLOG = 511;
/** How much of a file we read at a time, in bytes. */
const PIECE = 65536;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, F_GETFL, F_SETFL } =
  socketLayout();
const { O_RDONLY, O_NONBLOCK } = constants;
const { EAGAIN } = os.constants.errno;

// #region calls
// The C library has a function for each system call. It is in this process already, because
// Node uses it too.
const libc = koffi.load(null);
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func("int setsockopt(int, int, int, void *value, uint32_t)");
const bind = libc.func("int bind(int, void *address, uint32_t length)");
const listen = libc.func("int listen(int, int backlog)");
const getsockname = libc.func("int getsockname(int, void *address, void *length)");
const accept = libc.func("int accept(int, void *address, void *length)");
const read = libc.func("intptr_t read(int, void *buffer, size_t size)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const fcntl = libc.func("int fcntl(int, int command, ...)");
const close = libc.func("int close(int)");
// #endregion calls

interface Client {
  readonly socket: number;
  /** The bytes of its request so far. */
  head: Buffer;
  /** The bytes to write next; undefined until the request is complete. */
  out: Buffer | undefined;
  /** The file with what follows `out`, if any, and how many bytes of it are left. */
  file: number | undefined;
  left: number;
}

// #region listen
const listener = must("open a socket", socket(AF_INET, SOCK_STREAM, 0));
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
// #endregion listen

// #region loop
const clients = new Set<Client>();
/** Needed only during one client's turn, so all clients can share these two. */
const request = new HeadReader();
const input = Buffer.alloc(4096);
setNonBlocking(listener);
for (;;) {
  const socket = accept(listener, null, null);
  if (socket !== -1) {
    setNonBlocking(socket);
    const head = Buffer.alloc(0);
    clients.add({ socket, head, out: undefined, file: undefined, left: 0 });
  }
  for (const client of clients) if (!handleClient(client)) closeClient(client);
}
// #endregion loop

function closeClient(client: Client): void {
  clients.delete(client);
  closeFile(client);
  close(client.socket);
}

/** Goes as far as it can without blocking. False when the client is done. */
function handleClient(client: Client): boolean {
  return client.out ? writeResponse(client, client.out) : readRequest(client);
}

function readRequest(client: Client): boolean {
  const count = read(client.socket, input, input.length);
  // Nothing to read yet, which is not an error.
  if (count === -1 && koffi.errno() === EAGAIN) return true;
  if (count <= 0) return false;
  client.head = Buffer.concat([client.head, input.subarray(0, count)]);
  const result = request.read(client.head, 0, client.head.length);
  if (result === "more") return true;
  const status = result === "whole" ? methodStatus(request.method) : result;
  const out = status === 200 ? openFile(client) : status;
  client.out = typeof out === "number" ? Buffer.from(problem(out, request.method)) : out;
  return writeResponse(client, client.out);
}

/** Writes what the kernel takes, then reads at most one piece of the file. */
function writeResponse(client: Client, out: Buffer): boolean {
  const count = write(client.socket, out, out.length);
  // The kernel's buffer is full: the client reads more slowly than we write.
  if (count === -1) return koffi.errno() === EAGAIN;
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

/** Makes a socket non-blocking: calls that would block fail with EAGAIN instead. */
function setNonBlocking(socket: number): void {
  const flags = must("ask for a socket's flags", fcntl(socket, F_GETFL, "int", 0));
  must("set a socket's flags", fcntl(socket, F_SETFL, "int", flags | O_NONBLOCK));
}

/** Returns a call's result, or exits with errno's name if the call has failed (-1). */
function must(what: string, result: number): number {
  if (result !== -1) return result;
  console.error(`Cannot ${what}: ${getSystemErrorName(-koffi.errno())}`);
  process.exit(1);
}
