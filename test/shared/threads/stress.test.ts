// A port and a channel between threads, received by one select. The rest runs with `--all`.
import { expect, test } from "vitest";
import { selectOfTwo } from "./stress.ts";

test("no value and no wake is lost", async () => {
  expect(await selectOfTwo(2_000)).toEqual([]);
});
