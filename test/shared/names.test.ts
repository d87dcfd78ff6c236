// names and words: the lists, random names, distinct names, and how soon names collide.
import { afterEach, describe, expect, test, vi } from "vitest";
import { distinctNames, randomName, takeName } from "../../examples/shared/names.ts";
import { ADJECTIVES, ANIMALS } from "../../examples/shared/words.ts";

const COUNT = 150_000;
/** The largest number that Math.random can return. */
const ALMOST_ONE = 1 - 2 ** -53;

afterEach(() => {
  vi.restoreAllMocks();
});

function stubRandom(value: number): void {
  vi.spyOn(Math, "random").mockReturnValue(value);
}

/** Every pair, with its index in order of adjective, then animal. */
function allPairs(): Map<string, number> {
  const pairs = ADJECTIVES.flatMap((adjective) =>
    ANIMALS.map((animal) => `${adjective}${animal}`),
  );
  return new Map(pairs.map((pair, index) => [pair, index]));
}

function take<T>(source: Iterator<T>, count: number): T[] {
  return Array.from({ length: count }, () => source.next().value);
}

describe.each([
  { list: "the adjectives", words: ADJECTIVES, count: 625 },
  { list: "the animals", words: ANIMALS, count: 240 },
])("$list", ({ words, count }) => {
  test(`are exactly ${count}`, () => {
    expect(words).toHaveLength(count);
  });

  test("are each a capital and two to nine lowercase letters", () => {
    expect(words.filter((word) => !/^[A-Z][a-z]{2,9}$/.test(word))).toEqual([]);
  });

  test("are sorted", () => {
    expect(words).toEqual(words.toSorted());
  });

  test("are all different", () => {
    expect(new Set(words).size).toBe(words.length);
  });

  test("cannot be changed", () => {
    expect(Object.isFrozen(words)).toBe(true);
  });
});

describe("the pairs", () => {
  test("are 150,000, all different", () => {
    expect(allPairs().size).toBe(COUNT);
  });

  test("are at most 20 characters long", () => {
    expect([...allPairs().keys()].filter((pair) => pair.length > 20)).toEqual([]);
  });
});

describe("randomName", () => {
  test("is the first pair for the smallest random number", () => {
    stubRandom(0);
    expect(randomName()).toBe(`${ADJECTIVES[0]}${ANIMALS[0]}`);
  });

  test("is the last pair for the largest random number", () => {
    stubRandom(ALMOST_ONE);
    expect(randomName()).toBe(`${ADJECTIVES.at(-1)}${ANIMALS.at(-1)}`);
  });

  test("yields each pair for an equal share of the random numbers", () => {
    const random = vi.spyOn(Math, "random");
    const given = new Set<string>();
    for (let index = 0; index < COUNT; index += 1) {
      random.mockReturnValue((index + 0.01) / COUNT);
      const name = randomName();
      random.mockReturnValue((index + 0.99) / COUNT);
      if (randomName() === name) given.add(name);
    }
    expect(given).toEqual(new Set(allPairs().keys()));
  });

  test("is two words from the lists", () => {
    const pairs = allPairs();
    for (let draw = 0; draw < 1_000; draw += 1) {
      const name = randomName();
      expect(name).toMatch(/^[A-Z][a-z]{2,9}[A-Z][a-z]{2,9}$/);
      expect(pairs.has(name)).toBe(true);
    }
  });
});

describe("distinctNames", () => {
  test.each([
    { start: "the first pair", random: 0 },
    { start: "a pair in the middle", random: 0.4321 },
    { start: "the last pair", random: ALMOST_ONE },
  ])("gives all pairs before any repeats, starting at $start", ({ random }) => {
    stubRandom(random);
    const given = new Set(take(distinctNames(), COUNT));
    expect(given).toEqual(new Set(allPairs().keys()));
  });

  test("repeats them in the same order", () => {
    const names = distinctNames();
    const first = take(names, COUNT);
    expect(take(names, COUNT)).toEqual(first);
  });

  test("starts where the random number says", () => {
    stubRandom(0);
    expect(distinctNames().next().value).toBe(`${ADJECTIVES[0]}${ANIMALS[0]}`);
    stubRandom(ALMOST_ONE);
    expect(distinctNames().next().value).toBe(`${ADJECTIVES.at(-1)}${ANIMALS.at(-1)}`);
  });

  test("keeps names that follow each other far apart in the lists", () => {
    const pairs = allPairs();
    const places = take(distinctNames(), 1_000).map((name) => pairs.get(name) ?? -1);
    const distances = places.slice(1).map((place, before) => {
      const apart = Math.abs(place - (places[before] ?? -1));
      return Math.min(apart, COUNT - apart);
    });
    expect(Math.min(...distances)).toBeGreaterThan(COUNT / 3);
  });

  test("starts a separate round for each caller", () => {
    stubRandom(0.5);
    const [one, other] = [distinctNames(), distinctNames()];
    take(one, 7);
    expect(take(other, 3)).toEqual(take(distinctNames(), 3));
  });
});

describe("random names collide", () => {
  /** Whether the chance that `draws` names are not all different is over `percent`. */
  function collideMoreOftenThan(percent: number, draws: number): boolean {
    // In whole numbers, which are exact: different / all < 1 - percent / 100.
    let different = 1n;
    for (let draw = 0; draw < draws; draw += 1) different *= BigInt(COUNT - draw);
    const all = BigInt(COUNT) ** BigInt(draws);
    return different * 100n < all * BigInt(100 - percent);
  }

  test("more often than not from 457 draws on, and thus after 460", () => {
    expect(collideMoreOftenThan(50, 456)).toBe(false);
    expect(collideMoreOftenThan(50, 457)).toBe(true);
    expect(collideMoreOftenThan(50, 460)).toBe(true);
  });

  test("in more than 96 of 100 cases after 1,000 draws", () => {
    expect(collideMoreOftenThan(96, 1_000)).toBe(true);
    expect(collideMoreOftenThan(97, 1_000)).toBe(false);
  });
});

describe("a name that can be taken", () => {
  test("is the first in the sequence that is free", () => {
    const taken = new Set(["Ann", "Bob"]);
    const names = ["Ann", "Bob", "Carol", "Dave"].values();
    const take = (name: string) => !taken.has(name);
    expect(takeName(names, take)).toBe("Carol");
    expect(names.next().value).toBe("Dave");
  });

  test("is a guest name when all are taken, and the search ends", () => {
    const taken = new Set(["Guest150001"]);
    const names = distinctNames();
    const take = (name: string) => {
      if (!name.startsWith("Guest") || taken.has(name)) return false;
      taken.add(name);
      return true;
    };
    expect(takeName(names, take)).toBe("Guest150002");
    expect(takeName(names, take)).toBe("Guest150003");
  });
});
