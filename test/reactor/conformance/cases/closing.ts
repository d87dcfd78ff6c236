// The end of a connection, from either side; and that its descriptor's next owner never
// hears of the last one's.

import type { TcpStream } from "../../../../examples/shared/poll/net.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { Slab } from "../../../../examples/shared/poll/token.ts";
import { assert, type Case, CLEARS_ERROR, equal } from "../case.ts";
import {
  comes,
  drain,
  gather,
  nextOwner,
  toldOf,
  untilFence,
  untilReadable,
  wait,
} from "../gather.ts";
import { BOX, waitUntil } from "../partner.ts";

const BYTE = Uint8Array.of(1);

export const CLOSING: readonly Case[] = [
  {
    name: "half-close: readable and readClosed, and writing goes on",
    promise: "epoll_ctl(2), EPOLLRDHUP; mio, Event::is_read_closed",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      theirs.shutdown();
      const { readable, readClosed } = comes(context, poll, 7);
      equal({ readable, readClosed }, { readable: true, readClosed: true }, "told");
      equal(drain(ours), { count: 0, last: "end" }, "read");
      equal(ours.write(BYTE), 1, "written after the end");
      untilReadable(context, theirs);
      equal(theirs.read(new Uint8Array(8)), 1, "what arrived");
    },
  },
  {
    name: "close: what was sent before comes before the end",
    promise: "POSIX, close(); RFC 9293, 3.6, Closing a Connection",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "edge");
      theirs.write(new Uint8Array(5));
      theirs.close();
      let count = 0;
      for (let last = ""; last !== "end"; ) {
        comes(context, poll, 7);
        const part = drain(ours);
        count += part.count;
        last = part.last;
        assert(last === "end" || last === "blocked", `read said ${last}`);
      }
      equal(count, 5, "bytes before the end");
    },
  },
  {
    name: "reset: reported to a socket that waits to read, and read says so",
    promise: "epoll_ctl(2), EPOLLERR, EPOLLHUP; RFC 9293, 3.5.3",
    deviates: CLEARS_ERROR,
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        theirs.reset();
        const { readable, over } = comes(context, poll, 7);
        equal({ readable, over }, { readable: true, over: true }, `told by ${mode}`);
        equal(drain(ours), { count: 0, last: "reset" }, "read");
      }
    },
  },
  {
    name: "reset: reported to a socket that waits to write",
    promise: "epoll_ctl(2): EPOLLERR and EPOLLHUP are always told",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, WRITABLE, "edge");
      comes(context, poll, 7);
      while (typeof ours.write(new Uint8Array(65536)) === "number");
      theirs.reset();
      assert(comes(context, poll, 7).writable, "a connection that was reset cannot wait");
      equal(ours.write(BYTE), "reset", "written");
    },
  },
  {
    name: "reset: writing to a lost connection is an answer, not the end of the process",
    promise: "send(2), MSG_NOSIGNAL, EPIPE; signal(7), SIGPIPE",
    deviates: CLEARS_ERROR,
    run: (context) => {
      const [ours, theirs] = context.pair();
      theirs.reset();
      untilReadable(context, ours);
      equal(drain(ours).last, "reset", "read");
      equal(ours.write(BYTE), "reset", "written");
      equal(ours.write(BYTE), "reset", "written again");
      ours.shutdown();
    },
  },
  {
    name: "close: a connection that was watched really ends",
    promise: "epoll(7), Questions and answers, 6; io_uring holds files of requests",
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        equal(toldOf(context, poll, 7), [], "told before");
        ours.close();
        untilReadable(context, theirs);
        equal(drain(theirs).last, "end", `what the peer reads, by ${mode}`);
      }
    },
  },
  {
    name: "close: the next owner of the descriptor hears nothing of the last",
    promise: "epoll(7), Questions and answers, 6; mio, Registry::deregister",
    run: (context) => {
      const streams = new Slab<TcpStream>();
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const poll = context.openPoll();
        const [old, peer] = context.pair();
        const { fd } = old;
        const oldToken = streams.add(old);
        poll.registry.register(old, oldToken, READABLE, mode);
        peer.write(BYTE);
        untilFence(context, context.openPoll());
        streams.remove(oldToken);
        old.close();
        const next = nextOwner(fd, () => context.pair());
        const token = streams.add(next);
        poll.registry.register(next, token, READABLE, mode);
        assert(streams.get(oldToken) === undefined, "the old token has an owner");
        const told = untilFence(context, poll).map((one) => one.token);
        equal(told, [], `told by ${mode}`);
        streams.remove(token);
      }
    },
  },
  {
    name: "close: an event of the same wait finds nobody under a closed one's token",
    promise: "epoll(7), Possible pitfalls: if using an event cache",
    run: (context) => {
      const poll = context.openPoll();
      const streams = new Slab<TcpStream>();
      for (const [ours, theirs] of [context.pair(), context.pair()]) {
        poll.registry.register(ours, streams.add(ours), READABLE);
        theirs.write(BYTE);
      }
      untilFence(context, context.openPoll());
      const events = new Events(8);
      poll.poll(events, 10_000);
      equal(events.length, 2, "events");
      // The first is handled by closing the second; another takes its place in the slab.
      const [first, second] = [...events].map(({ token }) => token);
      const closed = streams.remove(second ?? -1);
      closed?.close();
      const [next] = context.pair();
      const token = streams.add(next);
      assert(token !== second && token !== first, "a token was given out twice");
      assert(streams.get(second ?? -1) === undefined, "the second's token has an owner");
      assert(streams.get(token) === next, "nobody has the new token");
    },
  },
  {
    name: "reset: reported edge-triggered even to a socket that waits for nothing",
    promise: "epoll_ctl(2): EPOLLERR and EPOLLHUP are always told",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, WRITABLE, "edge");
      comes(context, poll, 7);
      theirs.reset();
      assert(comes(context, poll, 7).over, "the reset was not told");
      equal(toldOf(context, poll, 7), [], "told again, though nothing has changed");
    },
  },
  {
    name: "both sides have finished: writeClosed",
    promise: "epoll_ctl(2), EPOLLHUP; kqueue(2), EV_EOF of EVFILT_WRITE; Selector",
    deviates: { "afd on win32": "AFD says nothing of an end that is our own" },
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        theirs.shutdown();
        ours.shutdown();
        untilFence(context, context.openPoll());
        poll.registry.register(ours, 7, READABLE | WRITABLE, mode);
        const { what } = comes(context, poll, 7);
        assert(what.includes("WriteClosed"), `told by ${mode}: ${what}`);
      }
    },
  },
  {
    name: "close: a connection that was told as writable really ends",
    promise: "epoll(7), Questions and answers, 6; io_uring holds files of requests",
    run: (context) => {
      for (const told of [false, true]) {
        for (const mode of ["level", "edge", "oneshot"] as const) {
          const [ours, theirs] = context.pair();
          const poll = context.openPoll();
          poll.registry.register(ours, 7, WRITABLE, mode);
          if (told) comes(context, poll, 7);
          ours.close();
          untilReadable(context, theirs);
          equal(drain(theirs).last, "end", `what the peer reads, by ${mode}`);
        }
      }
    },
  },
  {
    name: "close: none stays open, 1,000 times while another thread writes to it",
    promise: "close(2); io_uring_enter(2), EALREADY of a removal",
    needs: ["threads"],
    run: async (context) => {
      const poll = context.openPoll();
      const partner = await context.partner({ kind: "write each" });
      partner.go();
      // Wine takes its time.
      const rounds = context.poller === "afd" ? 1 : 10;
      for (let round = 0; round < rounds; round += 1) {
        const peers: TcpStream[] = [];
        for (let time = 0; time < 100; time += 1) {
          const [ours, theirs] = context.pair();
          peers.push(theirs);
          poll.registry.register(ours, 7, READABLE, "edge");
          wait(poll, 0);
          Atomics.store(partner.box, BOX.value, theirs.fd);
          const sent = Atomics.add(partner.box, BOX.sent, 1) + 1;
          Atomics.notify(partner.box, BOX.sent);
          // Now before the write, now after it, now amid.
          for (let spin = 0; spin < time * 30; spin += 1);
          ours.close();
          waitUntil(partner.box, BOX.heard, sent, 1_000_000);
        }
        const looking = context.openPoll();
        for (const [token, peer] of peers.entries()) {
          looking.registry.register(peer, token, READABLE, "oneshot");
        }
        gather(context, looking, (all) => all.length === peers.length);
        looking.close();
        context.closeAllBut(poll);
      }
    },
  },
  {
    name: "close: the next of 2,500 owners in one turn hears nothing of the others",
    promise:
      "epoll(7), Questions and answers, 6; our own: an answer finds whom it is about",
    run: (context) => {
      const poll = context.openPoll();
      const [ours, theirs] = context.pair();
      theirs.write(BYTE);
      untilFence(context, context.openPoll());
      // More than a slab has generations, and no wait that would take their answers away.
      for (let time = 0; time < 2500; time += 1) {
        poll.registry.register(ours, 7, READABLE);
        poll.registry.deregister(ours);
      }
      const [next, peer] = context.pair();
      poll.registry.register(next, 8, READABLE, "oneshot");
      equal(toldOf(context, poll, 8), [], "told of what the others had");
      peer.write(BYTE);
      comes(context, poll, 8);
      equal(toldOf(context, poll, 8), [], "told twice");
    },
  },
];
