// r4-poll: the same loop on a library that speaks epoll, kqueue, poll and others alike.
// Page: docs/r4-poll.md
// Defect: what a client is about to do is spread over fields that may contradict each other; r5 mends that.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseRequest, problem, type Request, responseHead } from "../shared/http.ts";
import { Events } from "../shared/poll/events.ts";
import { READABLE, WRITABLE } from "../shared/poll/interest.ts";
import { TcpListener, type TcpStream } from "../shared/poll/net.ts";
import { openPoll } from "../shared/poll/pollers.ts";
import { Slab, type Token } from "../shared/poll/token.ts";
import { contentType, pathOf } from "../shared/public-files.ts";

const PORT = Number(process.env.PORT ?? 42069);
const FOLDER = fileURLToPath(new URL("../shared/public/", import.meta.url));
/** How many events we take at a time. */
const EVENTS = 256;
/** How long we wait for a free descriptor when none of ours comes back, in milliseconds. */
const PATIENCE = 1000;

interface Client {
  readonly stream: TcpStream;
  /** What has come of its request. */
  head: Buffer;
  /** What is to be written next; undefined while the request is not whole. */
  out: Buffer | undefined;
  /** Where more of it comes from; undefined when there is no more. */
  file: number | undefined;
}

const { poll, listener } = open();
console.log(`listening on 127.0.0.1:${listener.localAddress().port}`);

const events = new Events(EVENTS);
const clients = new Slab<Client>();
// The slab never gives out a token as large as this one.
const LISTENER: Token = 2 ** 31 - 1;
/** No descriptor was left: who waits goes on waiting until a client leaves. */
let full = false;
poll.registry.register(listener, LISTENER, READABLE, "level");
for (;;) {
  // The one place where this program waits: for any of its sockets.
  poll.poll(events, full ? PATIENCE : null);
  if (events.length === 0) acceptAgain();
  for (let event = 0; event < events.length; event += 1) {
    const token = events.token(event);
    // A client that was closed for an event before this one is not found: it has another's
    // place perhaps, but nobody has its token.
    const client = clients.get(token);
    if (token === LISTENER) acceptClient();
    else if (client && !handleClient(client, token)) closeClient(client, token);
  }
}

/** Opens what can fail because of how we were called, and says so in a line. */
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

function acceptClient(): void {
  const stream = listener.accept();
  if (stream === "blocked") return;
  if (stream === "full") {
    // The listener stays readable, and would be told at each wait: a loop that never sleeps.
    poll.registry.deregister(listener);
    full = true;
    return;
  }
  const token = clients.add({
    stream,
    head: Buffer.alloc(0),
    out: undefined,
    file: undefined,
  });
  poll.registry.register(stream, token, READABLE, "level");
}

function closeClient(client: Client, token: Token): void {
  clients.remove(token);
  closeFile(client);
  client.stream.close();
  acceptAgain();
}

/** A descriptor is free, or others in the system may have left one. */
function acceptAgain(): void {
  if (!full) return;
  full = false;
  poll.registry.register(listener, LISTENER, READABLE, "level");
}

/** Goes as far as it can without waiting. False: there is no more to do. */
function handleClient(client: Client, token: Token): boolean {
  return client.out === undefined ? readRequest(client, token) : writeResponse(client);
}

function readRequest(client: Client, token: Token): boolean {
  const piece = Buffer.alloc(4096);
  const count = client.stream.read(piece);
  if (count === "blocked") return true;
  if (count === "end" || count === "reset") return false;
  client.head = Buffer.concat([client.head, piece.subarray(0, count)]);
  const request = parseRequest(client.head);
  if (typeof request === "number") {
    client.out = Buffer.from(problem(request));
  } else if (request) {
    client.out = openFile(client, request);
    if (request.method === "HEAD") closeFile(client);
  }
  // From now on it matters when the client has room, no longer when it says something.
  if (client.out) poll.registry.reregister(client.stream, token, WRITABLE, "level");
  return true;
}

function writeResponse(client: Client): boolean {
  if (client.out?.length === 0) client.out = nextPiece(client);
  if (client.out === undefined) return false;
  const count = client.stream.write(client.out);
  // The kernel's buffer is full: the client reads more slowly than we write.
  if (count === "blocked") return true;
  if (count === "reset") return false;
  client.out = client.out.subarray(count);
  return true;
}

/** Opens what the request means. @returns What comes before it, or says that it is not. */
function openFile(client: Client, { method, target }: Request): Buffer {
  const path = pathOf(FOLDER, target);
  if (path === undefined) return Buffer.from(problem(404, method));
  try {
    client.file = openSync(path, "r");
    const stat = fstatSync(client.file);
    // A folder can be opened like a file, and then not be read.
    if (!stat.isFile()) throw new Error("not a file");
    const fields = {
      "Content-Type": contentType(path),
      "Content-Length": stat.size,
      Connection: "close",
    };
    return Buffer.from(responseHead(200, fields));
  } catch (error) {
    closeFile(client);
    // It may be there: but there is no descriptor left to open it with.
    const full = /^E[MN]FILE$/.test((error as NodeJS.ErrnoException).code ?? "");
    return Buffer.from(problem(full ? 503 : 404, method));
  }
}

/** The next piece of the file; undefined at its end. A file makes us wait for the disk. */
function nextPiece(client: Client): Buffer | undefined {
  if (client.file === undefined) return undefined;
  const piece = Buffer.alloc(65536);
  try {
    const count = readSync(client.file, piece);
    return count > 0 ? piece.subarray(0, count) : undefined;
  } catch {
    // The disk has failed: the client sees that less has come than was promised.
    return undefined;
  }
}

function closeFile(client: Client): void {
  if (client.file !== undefined) closeSync(client.file);
  client.file = undefined;
}
