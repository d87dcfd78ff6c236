// r1-1-log: logs each client's address, its request and the status of the answer.
// Page: docs/r1-blocking.md, exercise 1
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getSystemErrorName } from "node:util";
import koffi from "koffi";
import { methodStatus, problem, responseHead } from "../../shared/http.ts";
import { HEAD_LIMIT, HeadReader } from "../../shared/http-head.ts";
import { hostOf, ipv4Address, portOf } from "../../shared/poll/address.ts";
import { socketLayout } from "../../shared/poll/sys/layout.ts";
import { contentType, filePathOf, statusWithout } from "../../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../../shared/public/", import.meta.url));
/** How many clients may wait to be accepted. */
const BACKLOG = 511;
/** How much of a file we read at a time, in bytes. */
const PIECE = 65536;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR } = socketLayout();
const { O_RDONLY, O_NONBLOCK } = constants;

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
const usleep = libc.func("int usleep(uint32_t microseconds)");
const close = libc.func("int close(int)");

interface Client {
  readonly socket: number;
  /** The file with the rest of the response, if any, and how many bytes of it are left. */
  file: number | undefined;
  left: number;
}

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

/** One client at a time, so all of them can share a reader and a buffer. */
const request = new HeadReader();
const input = Buffer.alloc(HEAD_LIMIT);
for (;;) {
  // Blocks until a client connects, and leaves the core to other processes until then.
  // The kernel writes the peer's address to the first array, and its length to the second.
  const peer = Buffer.alloc(16);
  const socket = accept(listener, peer, Uint32Array.of(peer.length));
  if (socket === -1) {
    // Most likely no descriptor is left. Retrying at once would use a whole core.
    usleep(100_000);
    continue;
  }
  const client = { socket, file: undefined, left: 0 };
  handleClient(client, `${hostOf(peer)}:${portOf(peer)}`);
  closeClient(client);
}

function closeClient(client: Client): void {
  closeFile(client);
  close(client.socket);
}

function handleClient(client: Client, peer: string): void {
  const status = readRequest(client);
  if (status === undefined) return;
  const out = status === 200 ? openFile(client) : status;
  console.log(`${peer} ${asked(status)}${typeof out === "number" ? out : 200}`);
  let piece = typeof out === "number" ? Buffer.from(problem(out, request.method)) : out;
  while (piece.length > 0 && writeAll(client, piece)) piece = nextPiece(client);
}

/** The request, unless it was refused. */
function asked(status: number): string {
  return status === 200 ? `${request.method} ${request.target} ` : "";
}

/**
 * Reads until the head of a request is complete.
 *
 * @returns 200, or the status that refuses it; undefined when the client has left.
 */
function readRequest(client: Client): number | undefined {
  for (let length = 0; ; ) {
    const count = read(client.socket, input.subarray(length), input.length - length);
    // 0 is the end of the stream, -1 an error: the client has reset the connection.
    if (count <= 0) return undefined;
    length += count;
    const result = request.read(input, 0, length);
    if (result === "whole") return methodStatus(request.method);
    if (result !== "more") return result;
  }
}

/** Writes all bytes, which may take several calls. False when the client has left. */
function writeAll(client: Client, bytes: Buffer): boolean {
  for (let done = 0; done < bytes.length; ) {
    const count = write(client.socket, bytes.subarray(done), bytes.length - done);
    if (count === -1) return false;
    done += count;
  }
  return true;
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
