// Like stress.test.ts, for as long as rare interleavings need.
import { expect, test } from "vitest";
import { manyToMany, selectOfTwo, thereAndBack } from "./stress.ts";

const LONG = { timeout: 300_000 };

test("1,000,000 values from 4 threads to 4 threads", LONG, async () => {
  expect(await manyToMany(4, 4, 250_000)).toEqual({ errors: [], wrong: 0 });
});

test("1,000,000 wakes", LONG, async () => {
  expect(await thereAndBack(500_000)).toEqual([]);
});

test(
  "500,000 values of a port and as many of a channel, in one select",
  LONG,
  async () => {
    expect(await selectOfTwo(500_000)).toEqual([]);
  },
);
