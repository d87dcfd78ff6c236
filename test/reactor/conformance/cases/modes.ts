// Level, edge and one-shot; and that one is told of nothing that one has not asked for.
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, equal } from "../case.ts";
import { comes, drain, fill, list, toldOf, untilFence, wait } from "../gather.ts";

const BYTE = Uint8Array.of(1);

export const MODES: readonly Case[] = [
  {
    name: "level: told at each wait, until it is read",
    promise: "epoll(7), Level-triggered and edge-triggered; poll(2), DESCRIPTION",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "level");
      theirs.write(BYTE);
      for (let time = 0; time < 3; time += 1) comes(context, poll, 7);
      equal(drain(ours), { count: 1, last: "blocked" }, "what was read");
      equal(toldOf(context, poll, 7), [], "told after all was read");
    },
  },
  {
    name: "level: told again while a part is left",
    promise: "epoll(7), Level-triggered and edge-triggered, steps 1 to 5",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "level");
      theirs.write(new Uint8Array(10));
      comes(context, poll, 7);
      equal(ours.read(new Uint8Array(4)), 4, "what was read");
      comes(context, poll, 7);
    },
  },
  {
    name: "edge: told once, and again when all was read and more has come",
    promise: "epoll(7), EPOLLET, suggested use; mio, Poll, Draining readiness",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "edge");
      for (let time = 0; time < 3; time += 1) {
        theirs.write(BYTE);
        comes(context, poll, 7);
        equal(toldOf(context, poll, 7), [], "told again, though nothing has changed");
        equal(drain(ours), { count: 1, last: "blocked" }, "what was read");
      }
    },
  },
  {
    name: "edge: what is so already is told",
    promise: "epoll(7), Questions and answers, 9; mio, Registry::register",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(theirs, 8, WRITABLE, "edge");
      assert(comes(context, poll, 8).writable, "a free connection is not writable");
      theirs.write(BYTE);
      untilFence(context, poll);
      poll.registry.register(ours, 7, READABLE, "edge");
      assert(comes(context, poll, 7).readable, "bytes that were there are not readable");
    },
  },
  {
    name: "edge: a full connection is told of when it has room again",
    promise: "epoll(7), EPOLLET: after EAGAIN; mio, Draining readiness",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, WRITABLE, "edge");
      comes(context, poll, 7);
      const sent = fill(ours);
      poll.registry.register(theirs, 8, READABLE);
      let got = 0;
      for (let roomy = false; !roomy || got < sent; ) {
        for (const { token, writable } of wait(poll, 10_000)) {
          if (token === 8) got += drain(theirs).count;
          if (token === 7 && writable) roomy = true;
        }
      }
      equal(got, sent, "bytes that arrived");
    },
  },
  {
    name: "oneshot: told once, until it is asked anew",
    promise: "epoll_ctl(2), EPOLLONESHOT; kqueue(2), EV_DISPATCH",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "oneshot");
      theirs.write(BYTE);
      comes(context, poll, 7);
      theirs.write(BYTE);
      equal(toldOf(context, poll, 7), [], "told after the one time");
      poll.registry.reregister(ours, 9, READABLE, "oneshot");
      comes(context, poll, 9);
      theirs.close();
      equal(toldOf(context, poll, 9), [], "told of the end after the one time");
    },
  },
  {
    name: "oneshot: one event uses up both interests",
    promise: "epoll_ctl(2), EPOLLONESHOT: the descriptor is disabled",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE | WRITABLE, "oneshot");
      assert(comes(context, poll, 7).writable, "a free connection is not writable");
      theirs.write(BYTE);
      equal(toldOf(context, poll, 7), [], "told after the one time");
    },
  },
  {
    name: "READABLE does not tell of writable, nor WRITABLE of readable",
    promise: "epoll_ctl(2), EPOLLIN, EPOLLOUT; mio, Interest",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      equal(toldOf(context, poll, 7), [], "told, though nothing has come");
      poll.registry.register(theirs, 8, WRITABLE);
      ours.write(BYTE);
      theirs.write(BYTE);
      comes(context, poll, 7);
      const told = untilFence(context, poll);
      const wrong = told.filter(({ token, readable, writable }) =>
        token === 7 ? writable : readable,
      );
      equal(list(wrong), "nothing", "told of what nobody asked for");
    },
  },
  {
    name: "level: one event of a wait tells both that one can read and write",
    promise: "epoll_wait(2): one event a descriptor; here of kqueue's two filters too",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      theirs.write(BYTE);
      untilFence(context, poll);
      poll.registry.register(ours, 7, READABLE | WRITABLE, "level");
      equal(list(wait(poll, 10_000)), "7: Readable Writable", "told");
    },
  },
  {
    name: "what was read without being told is not told",
    promise:
      "epoll(7): ready when it is asked; our own: TcpStream tells a poller of blocked",
    run: (context) => {
      for (const mode of ["level", "edge"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        equal(wait(poll, 0), [], "told before");
        theirs.write(BYTE);
        untilFence(context, context.openPoll());
        equal(drain(ours), { count: 1, last: "blocked" }, "what was read");
        equal(toldOf(context, poll, 7), [], `told by ${mode}`);
        theirs.write(BYTE);
        comes(context, poll, 7);
      }
    },
  },
  {
    name: "reregister: to the end of the line, for a program that stops before blocked",
    promise: "epoll(7), Starvation; our own: Registry.reregister",
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const poll = context.openPoll();
        const ours = Array.from({ length: 3 }, (_, token) => {
          const [one, theirs] = context.pair();
          theirs.write(new Uint8Array(100));
          poll.registry.register(one, token, READABLE, mode);
          return one;
        });
        untilFence(context, context.openPoll());
        const turns = [0, 0, 0];
        // Each turn reads a part of what there is, of the one that is told first.
        for (let turn = 0; turn < 30; turn += 1) {
          for (const { token } of wait(poll, 10_000, 1)) {
            const one = ours[token];
            turns[token] = (turns[token] ?? 0) + 1;
            equal(one?.read(new Uint8Array(1)), 1, "read");
            if (one) poll.registry.reregister(one, token, READABLE, mode);
          }
        }
        const fewest = Math.min(...turns);
        assert(fewest >= 9, `one had ${fewest} of 30 turns by ${mode}`);
      }
    },
  },
];
