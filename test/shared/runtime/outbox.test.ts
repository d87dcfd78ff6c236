// What waits for an outbox is woken, once for each future that was not dropped.
import { expect, test } from "vitest";
import { type Future, PENDING } from "../../../examples/shared/runtime/future.ts";
import type { AsyncStream } from "../../../examples/shared/runtime/net.ts";
import { Outbox } from "../../../examples/shared/runtime/outbox.ts";
import { CountingWaker } from "./lab.ts";

test("wakes what waits for room, and nothing that was dropped", () => {
  const stream = {
    trySend: () => "blocked",
    pollSend: (bytes: Uint8Array) => bytes.length,
  } as unknown as AsyncStream;
  const tasks: Future<void>[] = [];
  const out = new Outbox(
    stream,
    10,
    (task) => tasks.push(task),
    () => {},
  );
  out.write(Buffer.alloc(10));
  const [kept, dropped] = [new CountingWaker(), new CountingWaker()];
  for (const future of [out.fits(1), out.drained(), out.fits(1)]) {
    expect(future.poll(dropped)).toBe(PENDING);
    future.drop();
  }
  const futures = [out.fits(1), out.drained()] as const;
  for (const future of futures) {
    // Only the waker of the last poll counts.
    expect(future.poll(dropped)).toBe(PENDING);
    expect(future.poll(kept)).toBe(PENDING);
  }
  // Of two waits of one task, one is dropped: the other still counts.
  const other = out.fits(1);
  expect(other.poll(kept)).toBe(PENDING);
  other.drop();
  for (const task of tasks) expect(task.poll(new CountingWaker())).toBeUndefined();
  expect([kept.wakes, dropped.wakes]).toEqual([2, 0]);
  for (const future of futures) expect(future.poll(kept)).toBeUndefined();
});
