// How long a wait lasts. Only lower bounds are asserted: a busy machine may take longer.

import { library } from "../../../../examples/shared/poll/ffi.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, equal, throws } from "../case.ts";
import { gather, list, untilFence, wait } from "../gather.ts";
import { SIGNAL } from "../partner.ts";

const WAKE = 5;

export const WAITING: readonly Case[] = [
  {
    name: "timeout 0: returns at once",
    promise: "epoll_wait(2), timeout; poll(2), timeout; kevent(2), timeout",
    run: (context) => {
      const [ours] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      for (let time = 0; time < 1000; time += 1) equal(wait(poll, 0), [], "reported");
    },
  },
  {
    name: "timeout: a wait without events lasts at least the timeout",
    promise: "epoll_wait(2): will block until the timeout expires; rounded up",
    run: (context) => {
      const poll = context.openPoll();
      for (const ms of [1, 20, 35.5]) {
        const began = context.now();
        equal(wait(poll, ms), [], "reported");
        const passed = context.now() - began;
        assert(passed >= ms, `only ${passed} of ${ms} ms passed`);
      }
    },
  },
  {
    name: "timeout: a deregistration does not end a wait early",
    promise: "epoll_wait(2): will block until the timeout expires",
    run: (context) => {
      const poll = context.openPoll();
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours] = context.pair();
        poll.registry.register(ours, 7, READABLE, mode);
        equal(wait(poll, 0), [], "reported");
        poll.registry.deregister(ours);
        const began = context.now();
        equal(wait(poll, 20), [], "reported");
        const passed = context.now() - began;
        assert(passed >= 20, `only ${passed} of 20 ms passed, in ${mode} mode`);
      }
    },
  },
  {
    name: "timeout: a fraction of a millisecond is rounded up, not down to 0",
    promise: "mio, Poll::poll: the timeout is rounded up",
    run: (context) => {
      const poll = context.openPoll();
      const began = context.now();
      for (let time = 0; time < 10; time += 1) wait(poll, 0.01);
      const passed = context.now() - began;
      assert(passed >= 10 * 0.9, `ten waits of 0.01 ms lasted ${passed} ms`);
    },
  },
  {
    name: "timeout: a pending event is reported, whatever the timeout",
    promise: "epoll_wait(2), DESCRIPTION",
    run: (context) => {
      for (const timeout of [0, 10_000, null, Number.POSITIVE_INFINITY, 2 ** 40]) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        poll.registry.register(ours, 7, READABLE);
        theirs.write(Uint8Array.of(1));
        untilFence(context, context.openPoll());
        equal(
          list(wait(poll, timeout)),
          "7: Readable",
          `reported with timeout ${timeout}`,
        );
      }
    },
  },
  {
    name: "timeout: a negative timeout or NaN is a RangeError",
    promise: "our own: null waits without limit, not -1",
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
      let reported = wait(poll, null);
      while (reported.length === 0) reported = wait(poll, null);
      equal(list(reported), "7: Readable", "reported");
    },
  },
  {
    name: "EINTR: a signal may end a wait early, and is not an error",
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
        const reported = gather(context, poll, (all) => all.length > 0);
        equal(list(reported), "5: Readable", "reported");
        // Node runs signal handlers in its own event loop.
        while (caught === 0) await new Promise((resolve) => setImmediate(resolve));
      } finally {
        process.off("SIGUSR2", handler);
      }
    },
  },
];
