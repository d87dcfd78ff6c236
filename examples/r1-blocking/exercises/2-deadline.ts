// r1-2-deadline: a client that keeps the server waiting for a second is disconnected.
// Page: docs/r1-blocking.md, exercise 2
import { fstatSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getSystemErrorName } from "node:util";
import koffi from "koffi";
import { methodStatus, problem, responseHead } from "../../shared/http.ts";
import { HEAD_LIMIT, HeadReader } from "../../shared/http-head.ts";
import { ipv4Address, portOf } from "../../shared/poll/address.ts";
import { socketLayout } from "../../shared/poll/sys/layout.ts";
import { contentType, pathOf, statusWithout } from "../../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../../shared/public/", import.meta.url));
/** How long a read or a write may wait: a `struct timeval`, seconds and microseconds. */
const PATIENCE = BigInt64Array.of(1n, 0n);
/** The names of its two options, as socket(7) and, on a Mac, <sys/socket.h> have them. */
const [SO_RCVTIMEO, SO_SNDTIMEO] =
  process.platform === "linux" ? [20, 21] : [0x1006, 0x1005];
/** How many clients may wait until we accept them. */
const BACKLOG = 511;
/** How much of a file we read at a time, in bytes. */
const PIECE = 65536;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, O_RDONLY, O_NONBLOCK } =
  socketLayout();

// The C library holds a function for each call of the kernel. They are in this process
// already: Node itself calls them.
const libc = koffi.load(null);
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func("int setsockopt(int, int, int, void *value, uint32_t)");
const bind = libc.func("int bind(int, void *address, uint32_t length)");
const listen = libc.func("int listen(int, int backlog)");
const getsockname = libc.func("int getsockname(int, void *address, void *length)");
const accept = libc.func("int accept(int, void *address, void *length)");
const read = libc.func("intptr_t read(int, void *buffer, size_t size)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const open = libc.func("int open(const char *path, int flags, ...)");
const usleep = libc.func("int usleep(uint32_t microseconds)");
const close = libc.func("int close(int)");

interface OpenFile {
  readonly descriptor: number;
  readonly size: number;
  /** What comes before it in the response. */
  readonly head: Buffer;
}

const listener = must("open a socket", socket(AF_INET, SOCK_STREAM, 0));
// Without it the port of a server that has just ended stays taken for a minute, if clients
// were connected (socket(7); TIME_WAIT in RFC 9293, section 3.3.2).
must(
  "reuse the port",
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, Int32Array.of(1), 4),
);
must(`take port ${PORT}`, bind(listener, ipv4Address("127.0.0.1", PORT), 16));
must("listen", listen(listener, BACKLOG));
const address = Buffer.alloc(16);
must("ask for the address", getsockname(listener, address, Uint32Array.of(16)));
console.log(`listening on 127.0.0.1:${portOf(address)}`);

/** One client at a time: so one head, and one piece of memory to read into, serve them all. */
const request = new HeadReader();
const input = Buffer.alloc(PIECE);
for (;;) {
  // Here this program stands still until somebody comes: the kernel gives its core to
  // others, and runs it again when there is a connection.
  const client = accept(listener, null, null);
  if (client === -1) {
    // No descriptor is left, most likely. To ask again at once would take a whole core.
    usleep(100_000);
    continue;
  }
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, PATIENCE, PATIENCE.byteLength);
  setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, PATIENCE, PATIENCE.byteLength);
  handleClient(client);
  close(client);
}

function handleClient(client: number): void {
  const status = readRequest(client);
  if (status === undefined) return;
  const file = status === 200 ? openFile() : status;
  if (typeof file === "number") {
    writeAll(client, Buffer.from(problem(file, request.method)));
    return;
  }
  if (writeAll(client, file.head) && request.method === "GET") sendFile(client, file);
  close(file.descriptor);
}

/**
 * Reads until a request's head is whole.
 *
 * @returns 200, or the status with which it is refused; undefined when the client has left.
 */
function readRequest(client: number): number | undefined {
  for (let length = 0; ; ) {
    const count = read(client, input.subarray(length), HEAD_LIMIT - length);
    // 0 is the end of what the client sends, -1 an error: it has reset the connection, or
    // has taken too long (EAGAIN).
    if (count <= 0) return undefined;
    length += count;
    const result = request.read(input, 0, length);
    if (result === "whole") return methodStatus(request.method);
    if (result !== "more") return result;
  }
}

/** Opens what is asked for. @returns The status that says why not, when it cannot. */
function openFile(): OpenFile | number {
  const path = pathOf(FOLDER, request.target);
  if (path === undefined) return 404;
  // Without the flag the open of a FIFO would wait for somebody who writes into it.
  const descriptor = open(path, O_RDONLY | O_NONBLOCK);
  if (descriptor === -1) return statusWithout(getSystemErrorName(-koffi.errno()));
  // A `struct stat` looks different on each system: Node knows them all.
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    close(descriptor);
    return 404;
  }
  const fields = {
    "Content-Type": contentType(path),
    "Content-Length": stat.size,
    Connection: "close",
  };
  return { descriptor, size: stat.size, head: Buffer.from(responseHead(200, fields)) };
}

/** As many bytes as were promised, even if the file has grown since; fewer, if it was cut. */
function sendFile(client: number, { descriptor, size }: OpenFile): void {
  for (let left = size; left > 0; ) {
    const count = read(descriptor, input, Math.min(left, PIECE));
    if (count <= 0 || !writeAll(client, input.subarray(0, count))) return;
    left -= count;
  }
}

/** The kernel may take less than it is given. False: the client has left. */
function writeAll(client: number, bytes: Buffer): boolean {
  for (let done = 0; done < bytes.length; ) {
    const count = write(client, bytes.subarray(done), bytes.length - done);
    if (count === -1) return false;
    done += count;
  }
  return true;
}

/** What a call returned, unless that is -1: then it has failed, and errno says why. */
function must(what: string, result: number): number {
  if (result !== -1) return result;
  console.error(`Cannot ${what}: ${getSystemErrorName(-koffi.errno())}`);
  process.exit(1);
}
