// r1-3-four: four processes stand in accept, so three slow clients stop nobody.
// Page: docs/r1-blocking.md, exercise 3
import { spawn } from "node:child_process";
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
/** How many processes serve, and under which number each is given the listening socket. */
const PROCESSES = 4;
const GIVEN = 3;
/** From prctl(2), which only Linux has. */
const PR_SET_PDEATHSIG = 1;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, O_RDONLY, SEEK_END, SEEK_SET } =
  socketLayout();
const { EMFILE } = constants.errno;

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
const close = libc.func("int close(int)");
const prctl = libc.func("int prctl(int option, uintptr_t signal)");

if (process.argv.includes("--serve")) serve(GIVEN);
const listener = openListener();
const command = [...process.execArgv, fileURLToPath(import.meta.url), "--serve"];
for (let child = 0; child < PROCESSES; child += 1) {
  spawn(process.execPath, command, { stdio: ["ignore", 1, 2, listener] });
}

function openListener(): number {
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
  return listener;
}

function serve(listener: number): never {
  // A child that stands in accept notices nothing: the kernel ends it with its parent.
  must("ask for an end", prctl(PR_SET_PDEATHSIG, constants.signals.SIGKILL));
  for (;;) {
    // Here this program stands still until somebody comes: the kernel gives its core to
    // others, and runs it again when there is a connection.
    const client = accept(listener, null, null);
    // The client may be gone again, or we have too many files open: the next one, then.
    if (client === -1) continue;
    handleClient(client);
    close(client);
  }
}

function handleClient(client: number): void {
  const request = readRequest(client);
  if (request === undefined) return;
  if (typeof request === "number") {
    writeAll(client, Buffer.from(problem(request)));
    return;
  }
  const path = pathOf(FOLDER, request.target);
  const file = path === undefined ? -1 : open(path, O_RDONLY);
  // It may be there: but no descriptor is left to open it with.
  const full = path !== undefined && file === -1 && koffi.errno() === EMFILE;
  const head = path === undefined ? undefined : fileHead(file, path);
  if (
    writeAll(client, head ?? Buffer.from(problem(full ? 503 : 404, request.method))) &&
    request.method === "GET"
  ) {
    sendFile(client, file);
  }
  if (file !== -1) close(file);
}

/** Reads until a request's head is whole. Undefined: the client has left before. */
function readRequest(client: number) {
  let head = Buffer.alloc(0);
  const piece = Buffer.alloc(4096);
  for (;;) {
    const request = parseRequest(head);
    if (request !== undefined) return request;
    const count = read(client, piece, piece.length);
    // 0 is the end of what the client sends, -1 an error: it has reset the connection.
    if (count <= 0) return undefined;
    head = Buffer.concat([head, piece.subarray(0, count)]);
  }
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

function sendFile(client: number, file: number): void {
  const piece = Buffer.alloc(65536);
  for (;;) {
    const count = read(file, piece, piece.length);
    if (count <= 0 || !writeAll(client, piece.subarray(0, count))) return;
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
  const errno = koffi.errno();
  const codes = Object.entries(constants.errno);
  const code = codes.find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
  console.error(`Cannot ${what}: ${code}`);
  process.exit(1);
}
