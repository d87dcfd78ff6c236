// Tokens: what they find, and that a slab never issues a reserved one.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  NODE_TOKEN,
  reservedToken,
  SLAB_LIMIT,
  Slab,
  type Token,
  WAKE_TOKEN,
} from "../../examples/shared/poll/token.ts";

test("a slab finds what it holds, and nothing under a token that has ended", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 200 }), (steps) => {
      const slab = new Slab<number>();
      const held = new Map<Token, number>();
      const ended = new Set<Token>();
      for (const [number, step] of steps.entries()) {
        const [first] = held.keys();
        if (step < 5 || first === undefined) {
          const token = slab.add(number);
          expect(held.has(token) || ended.has(token)).toBe(false);
          held.set(token, number);
        } else {
          const token = [...held.keys()][step % held.size] ?? first;
          expect(slab.remove(token)).toBe(held.get(token));
          expect(slab.remove(token)).toBe(undefined);
          held.delete(token);
          ended.add(token);
        }
        expect(slab.size).toBe(held.size);
        for (const [token, value] of held) expect(slab.get(token)).toBe(value);
        for (const token of ended) expect(slab.get(token)).toBe(undefined);
        expect([...slab].sort()).toEqual([...held.values()].sort());
      }
    }),
  );
});

test("the slot that has been free longest is used next", () => {
  const slab = new Slab<string>();
  const tokens = ["a", "b", "c"].map((name) => slab.add(name));
  for (const token of tokens) slab.remove(token);
  const places = ["d", "e", "f"].map((name) => slab.add(name) & (2 ** 20 - 1));
  expect(places).toEqual([0, 1, 2]);
});

test("a full slab has issued no reserved token", () => {
  const slab = new Slab<number>();
  const places = new Set<number>();
  for (let count = 0; count < SLAB_LIMIT; count += 1)
    places.add(slab.add(count) & 0xfffff);
  expect(() => slab.add(0)).toThrow(RangeError);
  const reserved = [0, 1, 2045].map(reservedToken);
  for (const token of [...reserved, NODE_TOKEN, WAKE_TOKEN, 2 ** 31 - 1]) {
    expect(token).toBeGreaterThan(0);
    expect(places.has(token & 0xfffff)).toBe(false);
  }
  expect(new Set([...reserved, NODE_TOKEN, WAKE_TOKEN]).size).toBe(5);
});
