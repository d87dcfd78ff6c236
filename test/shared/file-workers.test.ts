// File workers, whose results arrive long after their jobs.
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { FileWorkers } from "../../examples/shared/file-workers.ts";
import { Events } from "../../examples/shared/poll/readiness/events.ts";
import { openPoll } from "../../examples/shared/poll/readiness/pollers.ts";
import { reservedToken } from "../../examples/shared/poll/token.ts";

const PUBLIC = fileURLToPath(new URL("../../examples/shared/public/", import.meta.url));
/** Generous: it only limits how long a failing test hangs, in milliseconds. */
const PATIENCE = 60_000;

const asking = (name: string) =>
  ({ method: "GET", segments: [name], conditions: {}, connection: "close" }) as const;

/** One file worker, whose results wake a poll. */
async function setUp() {
  const poll = openPoll();
  const events = new Events(1);
  const files = new FileWorkers<number>(PUBLIC, 1, poll.openWaker(reservedToken(0)));
  onTestFinished(() => {
    files.end();
    poll.close();
  });
  await files.start();
  return {
    files,
    /** The next result, as text. */
    result: () => {
      for (const end = performance.now() + PATIENCE; performance.now() < end; ) {
        const result = files.take();
        if (result)
          return { ...result, bytes: Buffer.from(result.bytes ?? []).toString() };
        poll.poll(events, PATIENCE);
      }
      throw new Error("no result has arrived");
    },
  };
}

test("a reader gets no result of an earlier reader that was equal to it", async () => {
  const { files, result } = await setUp();
  // The worker answers in order, so the poem is answered first, although it was closed.
  files.open(7, asking("poem.txt"));
  files.close(7);
  files.open(7, asking("style.css"));
  const { bytes, ...rest } = result();
  expect(bytes).toMatch(/^HTTP\/1\.1 200 .*Content-Type: text\/css/s);
  expect(rest).toEqual({ reader: 7, more: false });
});
