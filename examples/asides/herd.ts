// Four threads wait for one connection. How many does the kernel wake? And when a hundred
// connections come one after another, which threads get them?
// Run it: just example herd (Linux)
// Page: docs/asides/one-port.md
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import koffi from "koffi";
import { ipv4Address, portOf } from "../shared/poll/address.ts";
import { epollLayout, socketLayout } from "../shared/poll/sys/layout.ts";

const THREADS = 4;
/** How long a thread waits for a connection that may wake another, in milliseconds. */
const PATIENCE = 1000;
const CLIENTS = 40;
/** How many clients connect one after another. */
const VISITS = 100;
const { AF_INET, SOCK_STREAM, SOCK_NONBLOCK = 0, SOL_SOCKET } = socketLayout();
const { EPOLLIN, EPOLLET, EPOLL_CTL_ADD, stride } = epollLayout();
/** From socket(7) and epoll_ctl(2): SO_REUSEPORT, SO_RCVTIMEO, EPOLLEXCLUSIVE. */
const [REUSEPORT, RCVTIMEO, EXCLUSIVE] = [15, 20, 1 << 28];

const libc = koffi.load(null);
const socket = libc.func("int socket(int domain, int type, int protocol)");
const setsockopt = libc.func("int setsockopt(int, int, int, void *value, uint32_t)");
const bind = libc.func("int bind(int, void *address, uint32_t length)");
const listen = libc.func("int listen(int, int backlog)");
const getsockname = libc.func("int getsockname(int, void *address, void *length)");
const epoll_create1 = libc.func("int epoll_create1(int flags)");
const epoll_ctl = libc.func("int epoll_ctl(int epoll, int operation, int, void *event)");
const close = libc.func("int close(int)");

/** How a thread waits: in `accept` on a socket, or in a wait on an epoll. */
interface Wait {
  readonly how: "accept" | "epoll";
  readonly fd: number;
}

// #region ways
/** How the threads wait, given a listening socket and its port. */
type Way = (listener: number, port: number) => () => Wait;

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ["all in accept", (listener) => () => ({ how: "accept", fd: listener })],
  ["an epoll each", (listener) => () => watch(listener, 0)],
  ["  and EPOLLET", (listener) => () => watch(listener, EPOLLET)],
  ["  and EPOLLEXCLUSIVE", (listener) => () => watch(listener, EXCLUSIVE)],
  ["one epoll for all", (listener) => always(watch(listener, 0))],
  ["  and EPOLLET", (listener) => always(watch(listener, EPOLLET))],
  ["a socket each", ownSocket],
];
// #endregion ways

const threads = await Promise.all(
  Array.from({ length: THREADS }, async () => {
    const worker = new Worker(new URL("parts/waiter.mjs", import.meta.url));
    const [folder] = (await once(worker, "message")) as [string];
    return { worker, folder };
  }),
);
console.log("one connection, four threads that wait for it");
for (const [name, way] of WAYS) {
  const { port, fd } = open();
  console.log(`  ${name.padEnd(22)} ${await count(port, way(fd, port))} woken`);
}
console.log(`${VISITS} clients, one after the other`);
console.log(`  an epoll each, EPOLLEXCLUSIVE  ${await serve(shared())}`);
console.log(`  a socket each, SO_REUSEPORT    ${await serve(apart())}`);
console.log(`two sockets, ${CLIENTS} clients in their queues, and one socket closes`);
console.log(`  ${await strand()}`);
await Promise.all(threads.map(({ worker }) => worker.terminate()));

function always(wait: Wait): () => Wait {
  return () => wait;
}

/** The first thread gets the existing socket: unwatched, it would still get connections. */
function ownSocket(listener: number, port: number): () => Wait {
  const there = [listener];
  return () => watch(there.pop() ?? open(port).fd, 0);
}

/** One socket, which each thread watches with its own epoll, by EPOLLEXCLUSIVE. */
function shared() {
  const { fd: listener, port } = open(0, SOCK_NONBLOCK);
  return { port, next: () => ({ listener, fd: watch(listener, EXCLUSIVE).fd }) };
}

/** A socket and an epoll for each thread. */
function apart() {
  const first = open(0, SOCK_NONBLOCK);
  const there = [first.fd];
  const next = () => {
    const listener = there.pop() ?? open(first.port, SOCK_NONBLOCK).fd;
    return { listener, fd: watch(listener, 0).fd };
  };
  return { port: first.port, next };
}

/** A listening socket that shares its port with others. */
function open(port = 0, flags = 0): { port: number; fd: number } {
  const fd = socket(AF_INET, SOCK_STREAM | flags, 0);
  setsockopt(fd, SOL_SOCKET, REUSEPORT, Int32Array.of(1), 4);
  const [s, us] = [BigInt(Math.floor(PATIENCE / 1000)), BigInt((PATIENCE % 1000) * 1000)];
  setsockopt(fd, SOL_SOCKET, RCVTIMEO, BigInt64Array.of(s, us), 16);
  bind(fd, ipv4Address("127.0.0.1", port), 16);
  listen(fd, 511);
  const address = Buffer.alloc(16);
  getsockname(fd, address, Uint32Array.of(16));
  return { port: portOf(address), fd };
}

/** A wait on a new epoll. */
function watch(listener: number, flags: number): Wait {
  const fd = epoll_create1(0);
  const event = new Int32Array(stride);
  event[0] = EPOLLIN | flags;
  epoll_ctl(fd, EPOLL_CTL_ADD, listener, event);
  return { how: "epoll", fd };
}

/** How many threads notice one connection, which the ones with an epoll do not accept. */
async function count(port: number, way: () => Wait): Promise<number> {
  const waits = threads.map((thread) => ({ ...thread, ...way() }));
  const answers = waits.map(async ({ worker, how, fd }) => {
    worker.postMessage({ how, fd, patience: PATIENCE });
    return (await once(worker, "message"))[0] === true;
  });
  await Promise.all(waits.map(({ folder, fd }) => untilAsleep(folder, fd)));
  const client = connect({ port, host: "127.0.0.1" });
  const woken = (await Promise.all(answers)).filter(Boolean).length;
  client.destroy();
  return woken;
}

/** Lets the threads serve clients, each of which connects when the last one has left. */
async function serve({ port, next }: ReturnType<typeof shared>): Promise<string> {
  const waits = threads.map((thread) => ({ ...thread, ...next() }));
  const answers = waits.map(async ({ worker, fd, listener }) => {
    worker.postMessage({ how: "serve", fd, listener, patience: PATIENCE });
    return (await once(worker, "message"))[0] as number;
  });
  await Promise.all(waits.map(({ folder, fd }) => untilAsleep(folder, fd)));
  for (let visit = 0; visit < VISITS; visit += 1) {
    const client = connect({ port, host: "127.0.0.1" }).resume();
    await once(client, "close");
  }
  const clients = await Promise.all(answers);
  if (Math.max(...clients) > VISITS / 2) return "most go to one thread";
  return clients.includes(0) ? "some threads get none" : "each thread gets some";
}

/** Waits until a thread is in a system call on this descriptor. */
async function untilAsleep(folder: string, fd: number): Promise<void> {
  const first = () => readFileSync(`/proc/${folder}/syscall`, "utf8").split(" ")[1];
  while (Number(first()) !== fd) await sleep(5);
}

/** What happens to clients in the queue of a socket that closes. */
async function strand(): Promise<string> {
  const { port, fd } = open();
  open(port);
  const clients = Array.from({ length: CLIENTS }, () =>
    connect({ port, host: "127.0.0.1" }),
  );
  await Promise.all(clients.map((client) => once(client, "connect")));
  close(fd);
  const lost = await Promise.all(clients.map(isLost));
  for (const client of clients) client.destroy();
  const words = [
    lost.includes(true) && "some are reset",
    lost.includes(false) && "some still wait",
  ];
  return words.filter(Boolean).join(", ");
}

async function isLost(client: Socket): Promise<boolean> {
  const reset = once(client, "error").then(() => true);
  return await Promise.race([reset, sleep(PATIENCE).then(() => false)]);
}
