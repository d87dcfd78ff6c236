// An event that comes too late: its client is gone, and another has its number. By number,
// the event goes to the wrong client; by a token that is never reused, it goes to none.
// Run it: just example stale-event (Linux)
// Page: docs/r4-poll.md
import koffi from "koffi";
import { epollLayout } from "../shared/poll/sys/layout.ts";
import { Slab } from "../shared/poll/token.ts";

const { EPOLLIN, EPOLL_CTL_ADD, stride, data } = epollLayout();
const libc = koffi.load(null);
const pipe = libc.func("int pipe(void *ends)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const close = libc.func("int close(int)");
const epoll_create1 = libc.func("int epoll_create1(int flags)");
const epoll_ctl = libc.func("int epoll_ctl(int epoll, int operation, int, void *event)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");

/** A table of clients, with the key under which each is found again. */
interface Clients {
  add(name: string, fd: number): number;
  remove(key: number): void;
  get(key: number): string | undefined;
}

/** A client's key is its descriptor. */
function byNumber(): Clients {
  const names = new Map<number, string>();
  return {
    add: (name, fd) => {
      names.set(fd, name);
      return fd;
    },
    remove: (fd) => names.delete(fd),
    get: (fd) => names.get(fd),
  };
}

function byToken(): Clients {
  return new Slab<string>();
}

// #region play
/** @returns The client that gets Bob's event. */
function play(clients: Clients): string {
  const epoll = epoll_create1(0);
  const connect = (name: string) => {
    const ends = new Int32Array(2);
    pipe(ends);
    const [from = -1, to = -1] = ends;
    const key = clients.add(name, from);
    const event = new Int32Array(stride);
    event[0] = EPOLLIN;
    event[data] = key;
    epoll_ctl(epoll, EPOLL_CTL_ADD, from, event);
    return { from, to, key };
  };
  const ann = connect("Ann");
  const bob = connect("Bob");
  for (const { to } of [ann, bob]) write(to, Buffer.from("!"), 1);
  const events = new Int32Array(stride * 8);
  epoll_wait(epoll, events, 8, 0); // two events: Ann's, then Bob's

  // Ann's is handled: she disconnects Bob, and Eve connects.
  clients.remove(bob.key);
  close(bob.from);
  connect("Eve");

  // Now Bob's, which was in the list before.
  return clients.get(events[stride + data] ?? -1) ?? "nobody";
}
// #endregion play

console.log(`by number, Bob's event goes to ${play(byNumber())}`);
console.log(`by token, it goes to ${play(byToken())}`);
