// The end of a connection, from either side. The next owner of its descriptor never gets an
// event of the connection before it.

import type { TcpStream } from "../../../../examples/shared/poll/net.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../../../examples/shared/poll/readiness/poll.ts";
import { Slab } from "../../../../examples/shared/poll/token.ts";
import { assert, type Case, CLEARS_ERROR, equal } from "../case.ts";
import {
  drain,
  gather,
  nextOwner,
  reportsOf,
  untilFence,
  untilReadable,
  wait,
  waitFor,
} from "../gather.ts";
import { BOX, waitUntil } from "../partner.ts";

const BYTE = Uint8Array.of(1);

export const CLOSING: readonly Case[] = [
  {
    name: "half-close: reported as readable and readClosed, and we can still write",
    promise: "epoll_ctl(2), EPOLLRDHUP; mio, Event::is_read_closed",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      theirs.shutdown();
      const { readable, readClosed } = waitFor(context, poll, 7);
      equal({ readable, readClosed }, { readable: true, readClosed: true }, "reported");
      equal(drain(ours), { count: 0, last: "end" }, "read");
      equal(ours.write(BYTE), 1, "written after the end");
      untilReadable(context, theirs);
      equal(theirs.read(new Uint8Array(8)), 1, "what arrived");
    },
  },
  {
    name: "close: bytes sent before the close arrive before the end",
    promise: "POSIX, close(); RFC 9293, 3.6, Closing a Connection",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "edge");
      theirs.write(new Uint8Array(5));
      theirs.close();
      let count = 0;
      for (let last = ""; last !== "end"; ) {
        waitFor(context, poll, 7);
        const part = drain(ours);
        count += part.count;
        last = part.last;
        assert(last === "end" || last === "blocked", `read returned ${last}`);
      }
      equal(count, 5, "bytes before the end");
    },
  },
  {
    name: "reset: reported to a socket that waits to read, and read returns reset",
    promise: "epoll_ctl(2), EPOLLERR, EPOLLHUP; RFC 9293, 3.5.3",
    deviates: CLEARS_ERROR,
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        theirs.reset();
        const { readable, over } = waitFor(context, poll, 7);
        equal(
          { readable, over },
          { readable: true, over: true },
          `reported in ${mode} mode`,
        );
        equal(drain(ours), { count: 0, last: "reset" }, "read");
      }
    },
  },
  {
    name: "reset: reported to a socket that waits to write",
    promise: "epoll_ctl(2): EPOLLERR and EPOLLHUP are always reported",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, WRITABLE, "edge");
      waitFor(context, poll, 7);
      while (typeof ours.write(new Uint8Array(65536)) === "number");
      theirs.reset();
      assert(waitFor(context, poll, 7).writable, "a reset connection is not writable");
      equal(ours.write(BYTE), "reset", "written");
    },
  },
  {
    name: "reset: a write to a reset connection returns reset, and raises no SIGPIPE",
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
    name: "close: closing a registered connection sends its end to the peer",
    promise: "epoll(7), Questions and answers, 6; io_uring holds files of requests",
    run: (context) => {
      const last: Record<string, (poll: Poll, ours: TcpStream) => void> = {
        nothing: () => {},
        "a read that would block": (_, ours) => {
          equal(ours.read(new Uint8Array(8)), "blocked", "read");
        },
        "a change of interest": (poll, ours) => {
          poll.registry.reregister(ours, 7, READABLE | WRITABLE);
        },
      };
      for (const mode of ["level", "edge", "oneshot"] as const) {
        for (const [what, act] of Object.entries(last)) {
          const [ours, theirs] = context.pair();
          const poll = context.openPoll();
          poll.registry.register(ours, 7, READABLE, mode);
          equal(reportsOf(context, poll, 7), [], "reported before the close");
          act(poll, ours);
          ours.close();
          untilReadable(context, theirs);
          equal(drain(theirs).last, "end", `what the peer reads, after ${what}, ${mode}`);
        }
      }
    },
  },
  {
    name: "close: the next owner of the descriptor gets no event of the closed connection",
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
        assert(streams.get(oldToken) === undefined, "the old token still has an owner");
        const reported = untilFence(context, poll).map((one) => one.token);
        equal(reported, [], `reported in ${mode} mode`);
        streams.remove(token);
      }
    },
  },
  {
    name: "close: a closed connection's token finds nothing, even within the same wait",
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
      // Handling the first event closes the second connection; another takes its slot.
      const [first, second] = [...events].map(({ token }) => token);
      const closed = streams.remove(second ?? -1);
      closed?.close();
      const [next] = context.pair();
      const token = streams.add(next);
      assert(token !== second && token !== first, "a token was issued twice");
      assert(
        streams.get(second ?? -1) === undefined,
        "the closed connection's token still has an owner",
      );
      assert(streams.get(token) === next, "the new token does not find its connection");
    },
  },
  {
    name: "reset: edge-triggered, reported once to a socket that waits for nothing else",
    promise: "epoll_ctl(2): EPOLLERR and EPOLLHUP are always reported",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, WRITABLE, "edge");
      waitFor(context, poll, 7);
      theirs.reset();
      assert(waitFor(context, poll, 7).over, "the reset was not reported");
      equal(reportsOf(context, poll, 7), [], "reported again, although nothing changed");
    },
  },
  {
    name: "shutdown: writeClosed is reported when both sides have shut down",
    promise: "epoll_ctl(2), EPOLLHUP; kqueue(2), EV_EOF of EVFILT_WRITE; Selector",
    deviates: { "afd on win32": "AFD does not report our own shutdown" },
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        theirs.shutdown();
        ours.shutdown();
        untilFence(context, context.openPoll());
        poll.registry.register(ours, 7, READABLE | WRITABLE, mode);
        const { what } = waitFor(context, poll, 7);
        assert(what.includes("WriteClosed"), `reported in ${mode} mode: ${what}`);
      }
    },
  },
  {
    name: "close: closing a connection registered for writing sends its end to the peer",
    promise: "epoll(7), Questions and answers, 6; io_uring holds files of requests",
    run: (context) => {
      for (const reported of [false, true]) {
        for (const mode of ["level", "edge", "oneshot"] as const) {
          const [ours, theirs] = context.pair();
          const poll = context.openPoll();
          poll.registry.register(ours, 7, WRITABLE, mode);
          if (reported) waitFor(context, poll, 7);
          ours.close();
          untilReadable(context, theirs);
          equal(drain(theirs).last, "end", `what the peer reads, in ${mode} mode`);
        }
      }
    },
  },
  {
    name: "close: 1,000 connections all end while another thread writes to them",
    promise: "close(2); io_uring_enter(2), EALREADY of a removal",
    needs: ["threads"],
    run: async (context) => {
      const poll = context.openPoll();
      const partner = await context.partner({ kind: "write each" });
      partner.go();
      // Wine is slow.
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
          // The close falls before, during or after the write.
          for (let spin = 0; spin < time * 30; spin += 1);
          ours.close();
          waitUntil(partner.box, BOX.acked, sent, 1_000_000);
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
    name: "close: a new socket gets no event of 2,500 earlier registrations",
    promise:
      "epoll(7), Questions and answers, 6; our own: results match their registration",
    run: (context) => {
      const poll = context.openPoll();
      const [ours, theirs] = context.pair();
      theirs.write(BYTE);
      untilFence(context, context.openPoll());
      // More than a slab has generations, without a wait that would collect their results.
      for (let time = 0; time < 2500; time += 1) {
        poll.registry.register(ours, 7, READABLE);
        poll.registry.deregister(ours);
      }
      const [next, peer] = context.pair();
      poll.registry.register(next, 8, READABLE, "oneshot");
      equal(reportsOf(context, poll, 8), [], "reported of earlier registrations");
      peer.write(BYTE);
      waitFor(context, poll, 8);
      equal(reportsOf(context, poll, 8), [], "reported twice");
    },
  },
];
