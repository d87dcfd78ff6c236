// r2-3-hang-up: whoever neither sends nor takes anything for a second is closed.
// Page: docs/r2-nonblocking.md, exercise 3
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import koffi from "koffi";
import { parseRequest, problem, responseHead } from "../shared/http.ts";
import { ipv4Address, portOf } from "../shared/poll/address.ts";
import { socketLayout } from "../shared/poll/layout.ts";
import { contentType, pathOf } from "../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../shared/public/", import.meta.url));
/** How many clients may wait until we accept them. */
const BACKLOG = 511;
/** How long a client may do nothing, in milliseconds. */
const PATIENCE = 1000;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, O_RDONLY, SEEK_END, SEEK_SET } =
  socketLayout();
const { F_GETFL, F_SETFL, O_NONBLOCK } = socketLayout();
const { EAGAIN, EMFILE } = constants.errno;

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
const lseek = libc.func("int64_t lseek(int, int64_t offset, int whence)");
const fcntl = libc.func("int fcntl(int, int command, ...)");
const close = libc.func("int close(int)");

interface Client {
  readonly socket: number;
  /** What has come of its request. */
  head: Buffer;
  /** What is to be written next; undefined while the request is not whole. */
  out: Buffer | undefined;
  /** Where more of it comes from; -1 when there is no more. */
  file: number;
  /** When it has last done something, on the clock of `performance.now`. */
  active: number;
}

const listener = must("open a socket", socket(AF_INET, SOCK_STREAM, 0));
// Without it the port of a server that has just ended stays taken for a minute (tcp(7)).
must(
  "reuse the port",
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, Int32Array.of(1), 4),
);
must(`take port ${PORT}`, bind(listener, ipv4Address("127.0.0.1", PORT), 16));
must("listen", listen(listener, BACKLOG));
const address = Buffer.alloc(16);
must("ask for the address", getsockname(listener, address, Uint32Array.of(16)));
console.log(`listening on 127.0.0.1:${portOf(address)}`);

const clients = new Set<Client>();
doNotWait(listener);
for (;;) {
  const client = accept(listener, null, null);
  if (client !== -1) {
    doNotWait(client);
    clients.add({
      socket: client,
      head: Buffer.alloc(0),
      out: undefined,
      file: -1,
      active: performance.now(),
    });
  }
  for (const client of clients) {
    const late = performance.now() - client.active > PATIENCE;
    if (!late && handleClient(client)) continue;
    clients.delete(client);
    closeFile(client);
    close(client.socket);
  }
}

/** Goes as far as it can without waiting. False: there is no more to do. */
function handleClient(client: Client): boolean {
  return client.out === undefined ? readRequest(client) : writeResponse(client);
}

function readRequest(client: Client): boolean {
  const piece = Buffer.alloc(4096);
  const count = read(client.socket, piece, piece.length);
  // Nothing has come: that is no error, but a no.
  if (count === -1 && koffi.errno() === EAGAIN) return true;
  if (count <= 0) return false;
  client.active = performance.now();
  client.head = Buffer.concat([client.head, piece.subarray(0, count)]);
  const request = parseRequest(client.head);
  if (typeof request === "number") {
    client.out = Buffer.from(problem(request));
  } else if (request) {
    const path = pathOf(FOLDER, request.target);
    client.file = path === undefined ? -1 : open(path, O_RDONLY);
    // It may be there: but no descriptor is left to open it with.
    const full = path !== undefined && client.file === -1 && koffi.errno() === EMFILE;
    client.out = path === undefined ? undefined : fileHead(client.file, path);
    client.out ??= Buffer.from(problem(full ? 503 : 404, request.method));
    if (request.method === "HEAD") closeFile(client);
  }
  return true;
}

function writeResponse(client: Client): boolean {
  if (client.out?.length === 0) client.out = nextPiece(client);
  if (client.out === undefined) return false;
  const count = write(client.socket, client.out, client.out.length);
  // The kernel's buffer is full: the client reads more slowly than we write.
  if (count === -1) return koffi.errno() === EAGAIN;
  client.active = performance.now();
  client.out = client.out.subarray(count);
  return true;
}

/** What comes before the file; undefined when it cannot be read. */
function fileHead(file: number, path: string): Buffer | undefined {
  // A folder can be opened like a file, and then not be read.
  if (file === -1 || read(file, Buffer.alloc(1), 1) === -1) return undefined;
  const length = Number(lseek(file, 0, SEEK_END));
  lseek(file, 0, SEEK_SET);
  const fields = {
    "Content-Type": contentType(path),
    "Content-Length": length,
    Connection: "close",
  };
  return Buffer.from(responseHead(200, fields));
}

/** The next piece of the file; undefined at its end. A file makes us wait for the disk. */
function nextPiece(client: Client): Buffer | undefined {
  if (client.file === -1) return undefined;
  const piece = Buffer.alloc(65536);
  const count = read(client.file, piece, piece.length);
  return count > 0 ? piece.subarray(0, count) : undefined;
}

function closeFile(client: Client): void {
  if (client.file !== -1) close(client.file);
  client.file = -1;
}

/** From now on its calls return at once; with EAGAIN, where they would have waited. */
function doNotWait(socket: number): void {
  const flags = must("ask for a socket's flags", fcntl(socket, F_GETFL, "int", 0));
  must("set a socket's flags", fcntl(socket, F_SETFL, "int", flags | O_NONBLOCK));
}

/** What a call returned, unless that is -1: then it has failed, and errno says why. */
function must(what: string, result: number): number {
  if (result !== -1) return result;
  const errno = koffi.errno();
  const codes = Object.entries(constants.errno);
  const code = codes.find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
  console.error(`Cannot ${what}: ${code}`);
  process.exit(1);
}
