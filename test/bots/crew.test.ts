// bots/crew: who the bots are.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crewOf, type Kind } from "../../scripts/bots/crew.ts";

const sizes = (crew: readonly Kind[]) => {
  const of = (kind: Kind) => crew.filter((one) => one === kind).length;
  return { talkers: of("talker"), travellers: of("traveller"), crowd: of("crowd") };
};

describe("a crew", () => {
  test("of 106 is that of the tutorial", () => {
    expect(sizes(crewOf(106, true))).toEqual({ talkers: 3, travellers: 3, crowd: 100 });
  });

  test("of a server without rooms has talkers for travellers", () => {
    expect(sizes(crewOf(106, false))).toEqual({ talkers: 6, travellers: 0, crowd: 100 });
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
        const { talkers, travellers, crowd } = sizes(crew);
        expect(talkers).toBe(travellers);
        expect(crowd).toBeGreaterThan(0);
        expect(Math.abs(talkers - Math.max(1, (count * 3) / 106))).toBeLessThanOrEqual(
          0.5,
        );
      }),
    );
  });
});
