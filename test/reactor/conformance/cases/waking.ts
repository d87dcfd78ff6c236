// Waking a poll, from its own thread and from another.

import { TcpStream } from "../../../../examples/shared/poll/net.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, type Context, equal, throws } from "../case.ts";
import { list, untilFence, wait, waitFor } from "../gather.ts";
import { BOX, type Partner } from "../partner.ts";

const WAKE = 5;

export const WAKING: readonly Case[] = [
  {
    name: "wake: a wake before a wait ends the next wait, once",
    promise: "mio, Waker; eventfd(2), semantics of read",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      for (let time = 0; time < 3; time += 1) {
        waker.wake();
        equal(list(wait(poll, null)), "5: Readable", "reported");
        equal(list(untilFence(context, poll)), "nothing", "reported again");
      }
    },
  },
  {
    name: "wake: wakes before a wait are coalesced into one event",
    promise: "mio, Waker::wake: calls are coalesced",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      for (let time = 0; time < 100; time += 1) waker.wake();
      equal(list(wait(poll, null)), "5: Readable", "reported");
      equal(list(untilFence(context, poll)), "nothing", "reported again");
    },
  },
  {
    name: "wake: makes no system call while the poll is not waiting",
    promise: "our own: the sleeping flag of waker.ts",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      equal([waker.wake(), waker.wake()], [false, false], "a system call was made");
      wait(poll, null);
      equal(waker.wake(), false, "a system call was made");
    },
  },
  {
    name: "wake: a selector has one wake handle, and its wakes are coalesced",
    promise: "our own: Selector.openWake",
    run: (context) => {
      const selector = context.openSelector();
      const handle = selector.openWake();
      assert(selector.openWake() === handle, "a second handle was made");
      const events = new Events(4);
      for (let round = 0; round < 3; round += 1) {
        for (let time = 0; time < 10; time += 1) handle.wake();
        selector.select(events, null);
        equal(events.length, 0, "events");
      }
    },
  },
  {
    name: "wake: a poll has one waker, and a closed poll's waker does nothing",
    promise: "mio, Waker: one per Poll; our own: a closed poll stays WOKEN",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      throws("Error", () => poll.openWaker(WAKE + 1), "opened a second one");
      poll.close();
      equal(waker.wake(), false, "a system call was made");
      poll.close();
    },
  },
  {
    name: "wake: is reported even when there is room for fewer events than are ready",
    promise: "our own: Poll.poll, each event is reported eventually",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      for (const token of [10, 11]) {
        const [ours, theirs] = context.pair();
        theirs.write(Uint8Array.of(1));
        poll.registry.register(ours, token, READABLE);
      }
      untilFence(context, context.openPoll());
      const reported = new Set<number>();
      for (let time = 0; time < 12; time += 1) {
        waker.wake();
        for (const { token } of wait(poll, 10_000, 1)) reported.add(token);
      }
      equal([...reported].sort(), [10, 11, 5], "reported by waits for one event each");
    },
  },
  {
    name: "wake: a wake from another thread ends a wait without timeout",
    promise: "mio, Waker; kqueue(2), NOTE_TRIGGER; eventfd(2)",
    needs: ["threads"],
    run: async (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE).shared;
      const partner = await context.partner({ kind: "wake", waker });
      partner.go();
      equal(list(until(context, () => wait(poll, null))), "5: Readable", "reported");
    },
  },
  {
    name: "wake: no wake is lost in 5,000 rounds in lockstep with another thread",
    promise: "our own: the exchange of waker.ts; mio, Waker::wake",
    needs: ["threads"],
    run: async (context) => {
      const times = 5000;
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE).shared;
      const job = { kind: "count", waker, times, lockstep: true } as const;
      const partner = await context.partner(job);
      partner.go();
      for (let acked = 0; acked < times; ) {
        const reported = until(context, () => wait(poll, 10_000));
        equal(list(reported), "5: Readable", "reported");
        const sent = Atomics.load(partner.box, BOX.sent);
        equal(sent, acked + 1, "wakes sent");
        acked = sent;
        Atomics.store(partner.box, BOX.acked, acked);
        Atomics.notify(partner.box, BOX.acked);
      }
    },
  },
  {
    name: "wake: no wake is lost when three threads wake at full speed",
    promise: "our own: the exchange of waker.ts; mio, Waker::wake",
    needs: ["threads"],
    run: async (context) => {
      const times = 20_000;
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE).shared;
      const job = { kind: "count", waker, times, lockstep: false } as const;
      const partners: Partner[] = [];
      for (let count = 0; count < 3; count += 1)
        partners.push(await context.partner(job));
      for (const partner of partners) partner.go();
      const sent = () =>
        partners.reduce((sum, { box }) => sum + Atomics.load(box, BOX.sent), 0);
      // When the last wake is reported, every count must be visible.
      for (let seen = 0; seen < 3 * times; seen = sent()) {
        until(context, () => wait(poll, 10_000));
      }
    },
  },
  {
    name: "register: another thread hands over a descriptor and wakes the poll's thread",
    promise: "our own: a Registry belongs to its thread; mio shares its Registry",
    needs: ["threads"],
    run: async (context) => {
      const listener = context.listen();
      const { port } = listener.localAddress();
      const poll = context.openPoll();
      poll.registry.register(listener, 9, READABLE);
      const waker = poll.openWaker(WAKE).shared;
      const partner = await context.partner({ kind: "connect", port, waker });
      partner.go();
      waitFor(context, poll, WAKE);
      const fd = Atomics.load(partner.box, BOX.value);
      const stream = context.keep(new TcpStream(fd, context.sockets));
      poll.registry.register(stream, 7, READABLE);
      let accepted = listener.accept();
      while (typeof accepted === "string") {
        waitFor(context, poll, 9);
        accepted = listener.accept();
      }
      context.keep(accepted).write(Uint8Array.of(1));
      waitFor(context, poll, 7);
    },
  },
];

/** Waits again after a wait without events: a late wake may end a wait early. */
function until<Report>(context: Context, look: () => Report[]): Report[] {
  const deadline = context.now() + 10_000;
  for (;;) {
    const reported = look();
    if (reported.length > 0) return reported;
    assert(context.now() < deadline, "a wake was lost");
  }
}
