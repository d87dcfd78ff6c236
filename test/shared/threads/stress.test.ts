// A port and a channel between threads, received by one select; the rest is for `--all`.
import { expect, test } from "vitest";
import { selectOfTwo } from "./stress.ts";

test("nothing is lost, and nobody sleeps on", async () => {
  expect(await selectOfTwo(2_000)).toEqual([]);
});
