// Level-triggered, edge-triggered and one-shot. Only events of the interest are reported.
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, equal } from "../case.ts";
import { drain, fill, list, reportsOf, untilFence, wait, waitFor } from "../gather.ts";

const BYTE = Uint8Array.of(1);

export const MODES: readonly Case[] = [
  {
    name: "level: reported at every wait until it is read",
    promise: "epoll(7), Level-triggered and edge-triggered; poll(2), DESCRIPTION",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "level");
      theirs.write(BYTE);
      for (let time = 0; time < 3; time += 1) waitFor(context, poll, 7);
      equal(drain(ours), { count: 1, last: "blocked" }, "what was read");
      equal(reportsOf(context, poll, 7), [], "reported after everything was read");
    },
  },
  {
    name: "level: reported again while a part is left unread",
    promise: "epoll(7), Level-triggered and edge-triggered, steps 1 to 5",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "level");
      theirs.write(new Uint8Array(10));
      waitFor(context, poll, 7);
      equal(ours.read(new Uint8Array(4)), 4, "what was read");
      waitFor(context, poll, 7);
    },
  },
  {
    name: "edge: reported once, and again after it was drained and more arrived",
    promise: "epoll(7), EPOLLET, suggested use; mio, Poll, Draining readiness",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "edge");
      for (let time = 0; time < 3; time += 1) {
        theirs.write(BYTE);
        waitFor(context, poll, 7);
        equal(
          reportsOf(context, poll, 7),
          [],
          "reported again, although nothing changed",
        );
        equal(drain(ours), { count: 1, last: "blocked" }, "what was read");
      }
    },
  },
  {
    name: "edge: readiness that precedes the registration is reported",
    promise: "epoll(7), Questions and answers, 9; mio, Registry::register",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(theirs, 8, WRITABLE, "edge");
      assert(
        waitFor(context, poll, 8).writable,
        "a connection with free buffers is not writable",
      );
      theirs.write(BYTE);
      untilFence(context, poll);
      poll.registry.register(ours, 7, READABLE, "edge");
      assert(
        waitFor(context, poll, 7).readable,
        "bytes that had already arrived are not readable",
      );
    },
  },
  {
    name: "edge: a full connection is reported as writable when it has room again",
    promise: "epoll(7), EPOLLET: after EAGAIN; mio, Draining readiness",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, WRITABLE, "edge");
      waitFor(context, poll, 7);
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
    name: "oneshot: reported once, and not again until it is reregistered",
    promise: "epoll_ctl(2), EPOLLONESHOT; kqueue(2), EV_DISPATCH",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE, "oneshot");
      theirs.write(BYTE);
      waitFor(context, poll, 7);
      theirs.write(BYTE);
      equal(reportsOf(context, poll, 7), [], "reported a second time");
      poll.registry.reregister(ours, 9, READABLE, "oneshot");
      waitFor(context, poll, 9);
      theirs.close();
      equal(reportsOf(context, poll, 9), [], "the end was reported without a reregister");
    },
  },
  {
    name: "oneshot: one event disarms both interests",
    promise: "epoll_ctl(2), EPOLLONESHOT: the descriptor is disabled",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE | WRITABLE, "oneshot");
      assert(
        waitFor(context, poll, 7).writable,
        "a connection with free buffers is not writable",
      );
      theirs.write(BYTE);
      equal(reportsOf(context, poll, 7), [], "reported a second time");
    },
  },
  {
    name: "interest: READABLE alone never reports writable, nor WRITABLE alone readable",
    promise: "epoll_ctl(2), EPOLLIN, EPOLLOUT; mio, Interest",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      equal(reportsOf(context, poll, 7), [], "reported before anything was sent");
      poll.registry.register(theirs, 8, WRITABLE);
      ours.write(BYTE);
      theirs.write(BYTE);
      waitFor(context, poll, 7);
      const reported = untilFence(context, poll);
      const wrong = reported.filter(({ token, readable, writable }) =>
        token === 7 ? writable : readable,
      );
      equal(list(wrong), "nothing", "reported outside the interest");
    },
  },
  {
    name: "level: one event reports both readable and writable",
    promise: "epoll_wait(2): one event per descriptor; here for kqueue's two filters too",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      theirs.write(BYTE);
      untilFence(context, poll);
      poll.registry.register(ours, 7, READABLE | WRITABLE, "level");
      equal(list(wait(poll, 10_000)), "7: Readable Writable", "reported");
    },
  },
  {
    name: "level and edge: bytes that were drained before the next wait are not reported",
    promise:
      "epoll(7): readiness is that of the wait; our own: TcpStream reports blocked",
    run: (context) => {
      for (const mode of ["level", "edge"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE, mode);
        equal(wait(poll, 0), [], "reported before anything was sent");
        theirs.write(BYTE);
        untilFence(context, context.openPoll());
        equal(drain(ours), { count: 1, last: "blocked" }, "what was read");
        equal(reportsOf(context, poll, 7), [], `reported in ${mode} mode`);
        theirs.write(BYTE);
        waitFor(context, poll, 7);
      }
    },
  },
  {
    name: "reregister: moves a source that was not drained to the back of the queue",
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
        // Each turn reads one byte of the source that is reported first.
        for (let turn = 0; turn < 30; turn += 1) {
          for (const { token } of wait(poll, 10_000, 1)) {
            const one = ours[token];
            turns[token] = (turns[token] ?? 0) + 1;
            equal(one?.read(new Uint8Array(1)), 1, "read");
            if (one) poll.registry.reregister(one, token, READABLE, mode);
          }
        }
        const fewest = Math.min(...turns);
        assert(fewest >= 9, `a source had ${fewest} of 30 turns in ${mode} mode`);
      }
    },
  },
];
