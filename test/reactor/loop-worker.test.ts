// Workers that own a loop, as their starter sees them.
import { expect, test } from "vitest";
import { LoopWorker } from "../../examples/shared/poll/modes/worker.ts";

test("twelve workers add one listener to the process: Node warns of more than ten", async () => {
  const before = process.listenerCount("exit");
  const program = new URL("data:text/javascript,");
  const workers = Array.from({ length: 12 }, () => new LoopWorker(program));
  expect(process.listenerCount("exit")).toBe(before + 1);
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual(
    workers.map(() => 0),
  );
  expect(process.listenerCount("exit")).toBe(before);
});
