// How long a wait lasts. Never that it is over before some time: only that it is not before.

import { library } from "../../../../examples/shared/poll/ffi.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, equal, throws } from "../case.ts";
import { gather, list, untilFence, wait } from "../gather.ts";
import { SIGNAL } from "../partner.ts";

const WAKE = 5;

export const WAITING: readonly Case[] = [
  {
    name: "timeout 0: asks, and does not wait",
    promise: "epoll_wait(2), timeout; poll(2), timeout; kevent(2), timeout",
    run: (context) => {
      const [ours] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      for (let time = 0; time < 1000; time += 1) equal(wait(poll, 0), [], "told");
    },
  },
  {
    name: "timeout: an empty wait is not over before its time",
    promise: "epoll_wait(2): will block until the timeout expires; rounded up",
    run: (context) => {
      const poll = context.openPoll();
      for (const ms of [1, 20, 35.5]) {
        const began = context.now();
        equal(wait(poll, ms), [], "told");
        const passed = context.now() - began;
        assert(passed >= ms, `${passed} ms passed, not ${ms}`);
      }
    },
  },
  {
    name: "timeout: a deregistration is no reason to come back before its time",
    promise: "epoll_wait(2): will block until the timeout expires",
    run: (context) => {
      const poll = context.openPoll();
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours] = context.pair();
        poll.registry.register(ours, 7, READABLE, mode);
        equal(wait(poll, 0), [], "told");
        poll.registry.deregister(ours);
        const began = context.now();
        equal(wait(poll, 20), [], "told");
        const passed = context.now() - began;
        assert(passed >= 20, `${passed} ms passed, not 20, by ${mode}`);
      }
    },
  },
  {
    name: "timeout: a part of a millisecond is rounded up, not to nothing",
    promise: "mio, Poll::poll: the timeout is rounded up",
    run: (context) => {
      const poll = context.openPoll();
      const began = context.now();
      for (let time = 0; time < 10; time += 1) wait(poll, 0.01);
      const passed = context.now() - began;
      assert(passed >= 10 * 0.9, `ten waits of a part lasted ${passed} ms`);
    },
  },
  {
    name: "timeout: what is there already is told, however long one would wait",
    promise: "epoll_wait(2), DESCRIPTION",
    run: (context) => {
      for (const timeout of [0, 10_000, null, Number.POSITIVE_INFINITY, 2 ** 40]) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE);
        theirs.write(Uint8Array.of(1));
        untilFence(context, context.openPoll());
        equal(list(wait(poll, timeout)), "7: Readable", `told by ${timeout}`);
      }
    },
  },
  {
    name: "timeout: below zero is refused",
    promise: "our own: null waits for ever, not -1",
    run: (context) => {
      const poll = context.openPoll();
      throws("RangeError", () => wait(poll, -1), "waited -1 ms");
      throws("RangeError", () => wait(poll, Number.NaN), "waited NaN ms");
      const selector = context.openSelector();
      throws("RangeError", () => selector.select(new Events(1), -1), "the selector");
    },
  },
  {
    name: "timeout null: waits until another thread writes",
    promise: "epoll_wait(2), timeout of -1; poll(2), negative timeout",
    needs: ["threads"],
    run: async (context) => {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      const partner = await context.partner({ kind: "write", fd: theirs.fd });
      partner.go();
      let told = wait(poll, null);
      while (told.length === 0) told = wait(poll, null);
      equal(list(told), "7: Readable", "told");
    },
  },
  {
    name: "EINTR: a signal may end a wait early, and is no error",
    promise: "epoll_wait(2), EINTR; signal(7), Interruption of system calls",
    needs: ["threads", "signals"],
    run: async (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE).shared;
      const thread = library().fn("uintptr_t pthread_self()")();
      const job = { kind: "signal", waker, thread, times: 30 } as const;
      const partner = await context.partner(job);
      let caught = 0;
      const handler = () => {
        caught += 1;
      };
      process.on("SIGUSR2", handler);
      try {
        assert(SIGNAL > 0, "no such signal");
        partner.go();
        const told = gather(context, poll, (all) => all.length > 0);
        equal(list(told), "5: Readable", "told");
        // Node runs handlers when its own loop turns.
        while (caught === 0) await new Promise((resolve) => setImmediate(resolve));
      } finally {
        process.off("SIGUSR2", handler);
      }
    },
  },
];
