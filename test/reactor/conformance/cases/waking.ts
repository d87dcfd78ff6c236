// Waking a poll that waits, from its own thread and from another.

import { TcpStream } from "../../../../examples/shared/poll/net.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, type Case, type Context, equal, throws } from "../case.ts";
import { comes, list, untilFence, wait } from "../gather.ts";
import { BOX, type Partner } from "../partner.ts";

const WAKE = 5;

export const WAKING: readonly Case[] = [
  {
    name: "wake: before a wait it ends the next one, once",
    promise: "mio, Waker; eventfd(2), semantics of read",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      for (let time = 0; time < 3; time += 1) {
        waker.wake();
        equal(list(wait(poll, null)), "5: Readable", "told");
        equal(list(untilFence(context, poll)), "nothing", "told again");
      }
    },
  },
  {
    name: "wake: many before one wait are one event",
    promise: "mio, Waker::wake: calls are coalesced",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      for (let time = 0; time < 100; time += 1) waker.wake();
      equal(list(wait(poll, null)), "5: Readable", "told");
      equal(list(untilFence(context, poll)), "nothing", "told again");
    },
  },
  {
    name: "wake: the kernel is not called while the poll does not wait",
    promise: "our own: the sleeping flag of waker.ts",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      equal([waker.wake(), waker.wake()], [false, false], "the kernel was called");
      wait(poll, null);
      equal(waker.wake(), false, "the kernel was called");
    },
  },
  {
    name: "wake: the selector's own handle, before a wait and many times",
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
    name: "wake: a poll has one waker, and closing ends it",
    promise: "mio, Waker: one a Poll; our own: a closed poll is WOKEN for ever",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      throws("Error", () => poll.openWaker(WAKE + 1), "opened a second one");
      poll.close();
      equal(waker.wake(), false, "the kernel was called");
      poll.close();
    },
  },
  {
    name: "wake: is told though more events come than there is room for",
    promise: "our own: Poll.poll, nobody is left out for ever",
    run: (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE);
      for (const token of [10, 11]) {
        const [ours, theirs] = context.pair();
        theirs.write(Uint8Array.of(1));
        poll.registry.register(ours, token, READABLE);
      }
      untilFence(context, context.openPoll());
      const told = new Set<number>();
      for (let time = 0; time < 12; time += 1) {
        waker.wake();
        for (const { token } of wait(poll, 10_000, 1)) told.add(token);
      }
      equal([...told].sort(), [10, 11, 5], "told by waits for one event each");
    },
  },
  {
    name: "wake: from another thread ends an endless wait",
    promise: "mio, Waker; kqueue(2), NOTE_TRIGGER; eventfd(2)",
    needs: ["threads"],
    run: async (context) => {
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE).shared;
      const partner = await context.partner({ kind: "wake", waker });
      partner.go();
      equal(list(until(context, () => wait(poll, null))), "5: Readable", "told");
    },
  },
  {
    name: "wake: none is lost, 5,000 times in step with another thread",
    promise: "our own: the exchange of waker.ts; mio, Waker::wake",
    needs: ["threads"],
    run: async (context) => {
      const times = 5000;
      const poll = context.openPoll();
      const waker = poll.openWaker(WAKE).shared;
      const job = { kind: "count", waker, times, lockstep: true } as const;
      const partner = await context.partner(job);
      partner.go();
      for (let heard = 0; heard < times; ) {
        const told = until(context, () => wait(poll, 10_000));
        equal(list(told), "5: Readable", "told");
        const sent = Atomics.load(partner.box, BOX.sent);
        equal(sent, heard + 1, "how often it was woken");
        heard = sent;
        Atomics.store(partner.box, BOX.heard, heard);
        Atomics.notify(partner.box, BOX.heard);
      }
    },
  },
  {
    name: "wake: none is lost, from three threads at once as fast as they can",
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
      // After the last wake is told, all that was counted must be seen.
      for (let seen = 0; seen < 3 * times; seen = sent()) {
        until(context, () => wait(poll, 10_000));
      }
    },
  },
  {
    name: "register: a thread asks for it by a message and a wake, while the poll waits",
    promise: "our own: Registry belongs to its thread; mio, Registry is shared instead",
    needs: ["threads"],
    run: async (context) => {
      const listener = context.listen();
      const { port } = listener.localAddress();
      const poll = context.openPoll();
      poll.registry.register(listener, 9, READABLE);
      const waker = poll.openWaker(WAKE).shared;
      const partner = await context.partner({ kind: "connect", port, waker });
      partner.go();
      comes(context, poll, WAKE);
      const fd = Atomics.load(partner.box, BOX.value);
      const stream = context.keep(new TcpStream(fd, context.sockets));
      poll.registry.register(stream, 7, READABLE);
      let accepted = listener.accept();
      while (typeof accepted === "string") {
        comes(context, poll, 9);
        accepted = listener.accept();
      }
      context.keep(accepted).write(Uint8Array.of(1));
      comes(context, poll, 7);
    },
  },
];

/** Waits anew when a wait brought nothing: a wake that was on its way may end one early. */
function until<Told>(context: Context, look: () => Told[]): Told[] {
  const deadline = context.now() + 10_000;
  for (;;) {
    const told = look();
    if (told.length > 0) return told;
    assert(context.now() < deadline, "a wake was lost");
  }
}
