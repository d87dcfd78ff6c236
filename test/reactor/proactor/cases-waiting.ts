// What each proactor promises about its waits, and what ends them.
import { assert, equal, throws } from "../conformance/case.ts";
import { BOX } from "../conformance/partner.ts";
import type { ProactorCase } from "./context.ts";

const HOST = "127.0.0.1";

export const WAITING: readonly ProactorCase[] = [
  {
    name: "timeout 0: asks, and does not wait",
    promise: "Proactor.wait",
    run: (context) => {
      const proactor = context.proactor();
      proactor.accept(proactor.listen(HOST, 0));
      equal(proactor.wait(0), [], "done");
    },
  },
  {
    name: "timeout: an empty wait is not over before its time",
    promise: "Proactor.wait: rounded up",
    run: (context) => {
      const proactor = context.proactor();
      proactor.accept(proactor.listen(HOST, 0));
      for (const timeout of [0.2, 1, 15.5, 30]) {
        const from = context.now();
        while (proactor.wait(timeout).length > 0);
        const took = context.now() - from;
        assert(took >= timeout, `${timeout} ms took ${took}`);
      }
    },
  },
  {
    name: "timeout: below zero is refused",
    promise: "Proactor.wait",
    run: (context) => {
      const proactor = context.proactor();
      throws("RangeError", () => proactor.wait(-1), "waited");
      throws("RangeError", () => proactor.wait(Number.NaN), "waited");
    },
  },
  {
    name: "wake: before a wait it ends the next one, many times are one",
    promise: "Proactor.openWaker",
    run: (context) => {
      const proactor = context.proactor();
      const waker = proactor.openWaker();
      throws("Error", () => proactor.openWaker(), "a second waker");
      for (let round = 0; round < 3; round += 1) {
        for (let time = 0; time < 10; time += 1) waker.wake();
        equal(proactor.wait(10_000), [{ kind: "wake" }], "told");
        equal(proactor.wait(0), [], "told again");
      }
    },
  },
  {
    name: "wake: from another thread ends an endless wait",
    needs: "threads",
    promise: "Proactor.openWaker: wakerFrom(shared)",
    run: async (context) => {
      const proactor = context.proactor();
      const waker = proactor.openWaker();
      proactor.accept(proactor.listen(HOST, 0));
      const partner = await context.partner({ kind: "wake", waker: waker.shared });
      partner.go();
      let told = proactor.wait(null);
      while (told.length === 0) told = proactor.wait(null);
      equal(told, [{ kind: "wake" }], "told");
    },
  },
  {
    name: "wake: none is lost, 2,000 times in step with another thread",
    needs: "threads",
    promise: "SleepState: no wake is lost",
    run: async (context) => {
      const proactor = context.proactor();
      const { shared } = proactor.openWaker();
      const times = 2_000;
      const job = { kind: "count", waker: shared, times, lockstep: true } as const;
      const partner = await context.partner(job);
      partner.go();
      const { box } = partner;
      for (let heard = 0; heard < times; ) {
        const told = proactor.wait(10_000);
        const sent = Atomics.load(box, BOX.sent);
        assert(told.length > 0 || sent > heard, `a wake was lost after ${heard}`);
        heard = sent;
        Atomics.store(box, BOX.heard, heard);
        Atomics.notify(box, BOX.heard);
      }
    },
  },
];
