// bots/crew and bots/turn: who the bots are, and what they do at their turn.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crewOf, type Kind } from "../../scripts/bots/crew.ts";
import { seededRandom } from "../../scripts/bots/random.ts";
import { MAIN, ROOMS, type Situation, turnOf } from "../../scripts/bots/turn.ts";

const sizes = (crew: readonly Kind[]) => {
  const of = (kind: Kind) => crew.filter((one) => one === kind).length;
  return { talkers: of("talker"), travellers: of("traveller"), stress: of("stress") };
};

describe("a crew", () => {
  test("of 106 is that of the tutorial", () => {
    expect(sizes(crewOf(106, true))).toEqual({ talkers: 3, travellers: 3, stress: 100 });
  });

  test("of a server without rooms has talkers for travellers", () => {
    expect(sizes(crewOf(106, false))).toEqual({ talkers: 6, travellers: 0, stress: 100 });
  });

  test("of one or two has no crowd", () => {
    expect(crewOf(1, true)).toEqual(["talker"]);
    expect(crewOf(2, true)).toEqual(["talker", "traveller"]);
  });

  test("of any size is of that size, in that proportion, with one of each", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5_000 }), (count) => {
        const crew = crewOf(count, true);
        expect(crew).toHaveLength(count);
        expect(crew[0]).toBe("talker");
        const { talkers, travellers, stress } = sizes(crew);
        expect(talkers).toBe(travellers);
        expect(stress).toBeGreaterThan(0);
        expect(Math.abs(talkers - Math.max(1, (count * 3) / 106))).toBeLessThanOrEqual(
          0.5,
        );
      }),
    );
  });
});

describe("a turn", () => {
  const turns = (situation: Situation) => {
    const random = seededRandom(5);
    return Array.from({ length: 500 }, () => turnOf(situation, random));
  };

  test.each(["talker", "stress"] as const)("of a %s is talk", (kind) => {
    for (const { join, text } of turns({ kind, room: MAIN, awaited: 0 })) {
      expect(join).toBeUndefined();
      expect(text).not.toBe("");
    }
  });

  test("of a traveller leads to all other rooms now and then, and is talk too", () => {
    const room = "attic";
    const all = turns({ kind: "traveller", room, awaited: 0 });
    const others = new Set(ROOMS.filter((name) => name !== room));
    expect(new Set(all.map(({ join }) => join))).toEqual(new Set([undefined, ...others]));
    for (const { text } of all) expect(text).not.toBe("");
  });

  test("of a traveller that waits for an echo is talk: it would lose it", () => {
    for (const { join } of turns({ kind: "traveller", room: MAIN, awaited: 1 })) {
      expect(join).toBeUndefined();
    }
  });

  test("leads to rooms whose names every step takes", () => {
    for (const room of ROOMS) expect(room).toMatch(/^[A-Za-z0-9_-]{2,20}$/);
  });
});
