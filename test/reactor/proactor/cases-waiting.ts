// What every proactor promises about waits, and what ends them.
import { assert, equal, throws } from "../conformance/case.ts";
import { BOX } from "../conformance/partner.ts";
import type { ProactorCase } from "./context.ts";

const HOST = "127.0.0.1";

export const WAITING: readonly ProactorCase[] = [
  {
    name: "timeout 0: returns at once",
    promise: "Proactor.wait",
    run: (context) => {
      const proactor = context.proactor();
      proactor.accept(proactor.listen(HOST, 0));
      equal(proactor.wait(0), [], "done");
    },
  },
  {
    name: "timeout: a wait without completions lasts at least the timeout",
    promise: "Proactor.wait: rounded up",
    run: (context) => {
      const proactor = context.proactor();
      proactor.accept(proactor.listen(HOST, 0));
      for (const timeout of [0.2, 1, 15.5, 30]) {
        const from = context.now();
        while (proactor.wait(timeout).length > 0);
        const took = context.now() - from;
        assert(took >= timeout, `a wait of ${timeout} ms took ${took} ms`);
      }
    },
  },
  {
    name: "timeout: a negative timeout or NaN is a RangeError",
    promise: "Proactor.wait",
    run: (context) => {
      const proactor = context.proactor();
      throws("RangeError", () => proactor.wait(-1), "waited");
      throws("RangeError", () => proactor.wait(Number.NaN), "waited");
    },
  },
  {
    name: "wake: wakes before a wait are coalesced, and end the next wait",
    promise: "Proactor.openWaker",
    run: (context) => {
      const proactor = context.proactor();
      const waker = proactor.openWaker();
      throws("Error", () => proactor.openWaker(), "a second waker");
      for (let round = 0; round < 3; round += 1) {
        for (let time = 0; time < 10; time += 1) waker.wake();
        equal(proactor.wait(10_000), [{ kind: "wake" }], "completions");
        equal(proactor.wait(0), [], "completions of the next wait");
      }
    },
  },
  {
    name: "wake: a wake from another thread ends a wait without timeout",
    needs: "threads",
    promise: "Proactor.openWaker: wakerFrom(shared)",
    run: async (context) => {
      const proactor = context.proactor();
      const waker = proactor.openWaker();
      proactor.accept(proactor.listen(HOST, 0));
      const partner = await context.partner({ kind: "wake", waker: waker.shared });
      partner.go();
      let completions = proactor.wait(null);
      while (completions.length === 0) completions = proactor.wait(null);
      equal(completions, [{ kind: "wake" }], "completions");
    },
  },
  {
    name: "wake: no wake is lost in 2,000 rounds in lockstep with another thread",
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
      for (let acked = 0; acked < times; ) {
        const completions = proactor.wait(10_000);
        const sent = Atomics.load(box, BOX.sent);
        assert(completions.length > 0 || sent > acked, `a wake was lost after ${acked}`);
        acked = sent;
        Atomics.store(box, BOX.acked, acked);
        Atomics.notify(box, BOX.acked);
      }
    },
  },
];
