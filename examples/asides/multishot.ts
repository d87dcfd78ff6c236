// What io_uring needs to receive from a thousand connections: a request per message and a
// buffer per connection, or one request per connection and shared buffers.
// Run it: just example multishot (Linux 6.0 or newer, where io_uring is allowed)
// Page: docs/asides/readiness.md
import koffi from "koffi";
import { CQE, SQE, URING } from "../shared/poll/sys/layout-uring.ts";
import { mapMemory } from "../shared/poll/sys/memory.ts";
import { UringMemory } from "../shared/poll/sys/uring-memory.ts";

const CONNECTIONS = 1000;
const MESSAGES = 16;
/** How many connections send at the same time. */
const AT_A_TIME = 50;
const ROOM = 16_384;
/** How many buffers are shared: a power of two, and more than can be full at a time. */
const COMMON = 64;

/** Numbers of system calls and flags, from io_uring.h. */
const [ENTER, REGISTER, REGISTER_PBUF_RING] = [426, 427, 22];
const [BUFFER_SELECT, RECV_MULTISHOT, CQE_BUFFER] = [1 << 5, 1 << 1, 1];
const libc = koffi.load(null);
const socketpair = libc.func("int socketpair(int, int type, int protocol, void *ends)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const enter = libc.func(
  "long syscall(long n, int fd, uint32_t submit, uint32_t min, uint32_t flags, void *arg, size_t size)",
);
const register = libc.func(
  "long syscall(long n, int fd, uint32_t opcode, void *arg, uint32_t count)",
);

const ends = Array.from({ length: CONNECTIONS }, () => {
  const pair = new Int32Array(2);
  socketpair(1, 1, 0, pair);
  return { ours: pair[0] ?? -1, theirs: pair[1] ?? -1 };
});
let ring = new UringMemory({ entries: 2048, completions: 4096 });
let requests = 0;

/** Writes a request into the ring: `recv` of one connection. */
function request(connection: number, opFlags: number, at: number, group: number): void {
  const tail = ring.load("sqTail");
  const word = (tail & ring.load("sqMask")) * SQE.words;
  const sqe = ring.requests.subarray(word, word + SQE.words).fill(0);
  sqe[SQE.opcode] = URING.OP_RECV | opFlags;
  sqe[SQE.fd] = ends[connection]?.ours ?? -1;
  sqe[SQE.address] = at | 0;
  sqe[SQE.address + 1] = Math.floor(at / 2 ** 32);
  sqe[SQE.length] = group === 0 ? ROOM : 0;
  sqe[SQE.userData] = connection;
  sqe[10] = group; // buf_group
  ring.store("sqTail", (tail + 1) | 0);
  requests += 1;
}

/** All connections send all their messages; `take` gets each answer. */
function run(take: (connection: number, flags: number) => void): void {
  for (let sent = 0; sent < CONNECTIONS * MESSAGES; sent += AT_A_TIME) {
    for (let n = 0; n < AT_A_TIME; n += 1) {
      write(ends[(sent + n) % CONNECTIONS]?.theirs ?? -1, Buffer.from("hello"), 5);
    }
    for (let taken = 0; taken < AT_A_TIME; ) {
      enter(ENTER, ring.fd, waiting(), 1, URING.ENTER_GETEVENTS, null, 0);
      for (; ring.load("cqHead") !== ring.load("cqTail"); taken += 1) {
        const head = ring.load("cqHead");
        const word = (head & ring.load("cqMask")) * CQE.words;
        const [connection = 0, , result = 0, flags = 0] = ring.answers.subarray(word);
        ring.store("cqHead", (head + 1) | 0);
        if (result !== 5) throw new Error(`Cannot receive: ${result}`);
        take(connection, flags);
      }
    }
  }
}

const waiting = () => ring.load("sqTail") - ring.load("sqHead");
function say(how: string, buffers: number): void {
  const [asked, lent, kib] = [requests, buffers, (buffers * ROOM) / 1024].map((n) =>
    n.toLocaleString("en").padStart(6),
  );
  console.log(`  ${how.padEnd(16)} ${asked} requests, ${lent} buffers: ${kib} KiB`);
}

console.log("1,000 connections, 16 messages each, 50 at a time");

// #region single
const own = mapMemory(CONNECTIONS * ROOM);
const ask = (n: number) => request(n, 0, own.address + n * ROOM, 0);
for (let n = 0; n < CONNECTIONS; n += 1) ask(n);
run((connection) => ask(connection));
// #endregion single
say("one at a time", CONNECTIONS);

ring.close();
ring = new UringMemory({ entries: 2048, completions: 4096 });
requests = 0;
// #region multishot
const [common, buffers] = [mapMemory(COMMON * 16), mapMemory(COMMON * ROOM)];
const list = new DataView(common.bytes);
let tail = 0;

/** Puts a buffer on the list that the kernel takes from: `struct io_uring_buf`. */
function give(buffer: number): void {
  const entry = (tail & (COMMON - 1)) * 16;
  list.setBigUint64(entry, BigInt(buffers.address + buffer * ROOM), true);
  list.setUint32(entry + 8, ROOM, true);
  list.setUint16(entry + 12, buffer, true);
  tail = (tail + 1) & 0xffff;
  list.setUint16(14, tail, true);
}

const about = new DataView(new ArrayBuffer(40)); // struct io_uring_buf_reg
about.setBigUint64(0, BigInt(common.address), true);
about.setUint32(8, COMMON, true);
about.setUint16(12, 1, true); // group 1
const registered = register(
  REGISTER,
  ring.fd,
  REGISTER_PBUF_RING,
  new Uint8Array(about.buffer),
  1,
);
if (registered === -1) throw new Error("Cannot share buffers: this kernel is too old");
for (let buffer = 0; buffer < COMMON; buffer += 1) give(buffer);

const again = (BUFFER_SELECT << 8) | (RECV_MULTISHOT << 16);
for (let n = 0; n < CONNECTIONS; n += 1) request(n, again, 0, 1);
run((connection, flags) => {
  if (flags & CQE_BUFFER) give(flags >>> 16);
  if (!(flags & URING.CQE_MORE)) request(connection, again, 0, 1);
});
// #endregion multishot
say("multishot", COMMON);
ring.close();
