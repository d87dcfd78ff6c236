// r1-3-four: four processes wait in accept, so three slow clients stop nobody.
// Page: docs/r1-blocking.md, exercise 3
import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import os from "node:os";
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
/** How many clients may wait until we accept them. */
const BACKLOG = 511;
/** How many processes serve, and under which number each is given the listening socket. */
const PROCESSES = 4;
const GIVEN = 3;
/** From prctl(2), which only Linux has. */
const PR_SET_PDEATHSIG = 1;
/** How much of a file we read at a time, in bytes. */
const PIECE = 65536;
const { AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR } = socketLayout();
const { O_RDONLY, O_NONBLOCK } = constants;

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
const usleep = libc.func("int usleep(uint32_t microseconds)");
const prctl = libc.func("int prctl(int option, uintptr_t signal)");
const close = libc.func("int close(int)");

interface Client {
  readonly socket: number;
  /** Where more of the response comes from, if there is more; and how many bytes. */
  file: number | undefined;
  left: number;
}

/** One client at a time: so one head, and one piece of memory to read into, serve them all. */
const request = new HeadReader();
const input = Buffer.alloc(HEAD_LIMIT);
const [, , flag, parent] = process.argv;
if (flag === "--serve") serve(GIVEN, Number(parent));
const listener = openListener();
const command = [...process.execArgv, fileURLToPath(import.meta.url)];
for (let child = 0; child < PROCESSES; child += 1) {
  const args = [...command, "--serve", `${process.pid}`];
  spawn(process.execPath, args, { stdio: ["ignore", 1, 2, listener] });
}

function openListener(): number {
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
  return listener;
}

function serve(listener: number, parent: number): never {
  // A child that waits in accept notices nothing: the kernel ends it with its parent.
  must("ask for an end", prctl(PR_SET_PDEATHSIG, os.constants.signals.SIGKILL));
  // Unless the parent was gone before we asked: then we have another one already.
  if (process.ppid !== parent) process.exit();
  for (;;) {
    // Here this program stops until a client connects. Meanwhile the kernel gives the core
    // to others.
    const socket = accept(listener, null, null);
    if (socket === -1) {
      // No descriptor is left, most likely. To ask again at once would take a whole core.
      usleep(100_000);
      continue;
    }
    const client = { socket, file: undefined, left: 0 };
    handleClient(client);
    closeClient(client);
  }
}

function closeClient(client: Client): void {
  closeFile(client);
  close(client.socket);
}

function handleClient(client: Client): void {
  const status = readRequest(client);
  if (status === undefined) return;
  const out = status === 200 ? openFile(client) : status;
  let piece = typeof out === "number" ? Buffer.from(problem(out, request.method)) : out;
  while (piece.length > 0 && writeAll(client, piece)) piece = nextPiece(client);
}

/**
 * Reads until a request's head is whole.
 *
 * @returns 200, or the status with which it is refused; undefined when the client has left.
 */
function readRequest(client: Client): number | undefined {
  for (let length = 0; ; ) {
    const count = read(client.socket, input.subarray(length), input.length - length);
    // 0 is the end of what the client sends, -1 an error: it has reset the connection.
    if (count <= 0) return undefined;
    length += count;
    const result = request.read(input, 0, length);
    if (result === "whole") return methodStatus(request.method);
    if (result !== "more") return result;
  }
}

/** The kernel may take less than it is given. False: the client has left. */
function writeAll(client: Client, bytes: Buffer): boolean {
  for (let done = 0; done < bytes.length; ) {
    const count = write(client.socket, bytes.subarray(done), bytes.length - done);
    if (count === -1) return false;
    done += count;
  }
  return true;
}

/**
 * Opens what is asked for.
 *
 * @returns The head of the response and the first piece, for one write: that saves a call,
 *   and a packet. Or the status that says why there is no file.
 */
function openFile(client: Client): Buffer | number {
  const path = pathOf(FOLDER, request.target);
  if (path === undefined) return 404;
  try {
    // Without the flag the open of a FIFO would wait for somebody who writes into it.
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
 * The next piece of the file; it may make us wait for the disk. Empty when all that was
 * promised has been read, or when the file has become shorter meanwhile.
 */
function nextPiece(client: Client): Buffer {
  // Not `alloc`: to fill it with zeros takes longer than to read a small file.
  const piece = Buffer.allocUnsafe(Math.min(client.left, PIECE));
  if (client.file === undefined || client.left === 0) return piece.subarray(0, 0);
  try {
    const count = readSync(client.file, piece);
    client.left -= count;
    return piece.subarray(0, count);
  } catch {
    // The disk has failed: the client sees that less has come than was promised.
    return piece.subarray(0, 0);
  }
}

function closeFile(client: Client): void {
  if (client.file !== undefined) closeSync(client.file);
  client.file = undefined;
}

/** What a call returned, unless that is -1: then it has failed, and errno says why. */
function must(what: string, result: number): number {
  if (result !== -1) return result;
  console.error(`Cannot ${what}: ${getSystemErrorName(-koffi.errno())}`);
  process.exit(1);
}
