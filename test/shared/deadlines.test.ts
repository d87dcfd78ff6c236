// Deadlines, compared with a list: each is taken once, when it is due, earliest first.
import fc from "fast-check";
import { expect, test } from "vitest";
import { Deadlines, type Due, UNDUE } from "../../examples/shared/deadlines.ts";

const ITEMS = 8;

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("set" as const),
      item: fc.nat(ITEMS - 1),
      after: fc.nat(50),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("never" as const), item: fc.nat(ITEMS - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("remove" as const), item: fc.nat(ITEMS - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(30) }),
  },
);

test("behave like a list that is searched", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 100 }), (actions) => {
      const deadlines = new Deadlines<Due>();
      const items: Due[] = Array.from({ length: ITEMS }, () => ({ ...UNDUE }));
      const list = new Map<Due, number>();
      let now = 0;
      for (const one of actions) {
        const item = "item" in one ? items[one.item] : undefined;
        if (one.do === "wait") {
          now += one.ms;
          for (;;) {
            const taken = deadlines.take(now);
            const due = [...list].filter(([, at]) => at <= now);
            if (taken === undefined) {
              expect(due).toEqual([]);
              break;
            }
            expect(list.get(taken)).toBeLessThanOrEqual(now);
            list.delete(taken);
          }
        } else if (item && one.do === "set") {
          deadlines.set(item, now + one.after);
          list.set(item, now + one.after);
        } else if (item) {
          if (one.do === "never") deadlines.set(item, Infinity);
          else deadlines.remove(item);
          list.delete(item);
        }
        // It checks again no later than the next deadline.
        expect(deadlines.next).toBeLessThanOrEqual(Math.min(Infinity, ...list.values()));
      }
    }),
    { numRuns: 1000 },
  );
});

test("those that were not moved are taken earliest first", () => {
  const deadlines = new Deadlines<Due>();
  const items = [5, 3, 9, 1, 7].map((due) => ({ ...UNDUE, name: due }));
  for (const item of items) deadlines.set(item, item.name);
  const taken: number[] = [];
  for (let item = deadlines.take(10); item; item = deadlines.take(10)) {
    taken.push((item as (typeof items)[number]).name);
  }
  expect(taken).toEqual([1, 3, 5, 7, 9]);
});
