// Lines as server-sent events: one event for each line, encoded once for all tabs.
import { expect, test } from "vitest";
import { EventOutbox } from "../../../examples/r9-chat/events.ts";
import type { AsyncStream } from "../../../examples/shared/runtime/net.ts";

/** A tab whose kernel buffer takes everything. */
function tab() {
  const sent: Uint8Array[] = [];
  const trySend = (bytes: Uint8Array) => sent.push(bytes) && bytes.length;
  const stream = { trySend } as unknown as AsyncStream;
  const out = new EventOutbox(
    stream,
    4096,
    () => {},
    () => {},
  );
  return { out, sent, text: () => Buffer.concat(sent).toString() };
}

test("sends each line as an event", () => {
  const { out, text } = tab();
  out.write(Buffer.from("ann: hello\nbob: hi\n"));
  out.tell("key", "abc");
  out.write(Buffer.from("\n"));
  expect(text()).toBe(
    "data: ann: hello\n\ndata: bob: hi\n\nevent: key\ndata: abc\n\ndata: \n\n",
  );
  expect(() => out.write(Buffer.from("half"))).toThrow("Cannot send half a line");
});

test("encodes the lines of a flush once for all tabs", () => {
  const tabs = [tab(), tab(), tab()];
  const flushed = Buffer.from("ann: hello\n");
  for (const { out } of tabs) out.write(flushed);
  const [first, ...others] = tabs.map(({ sent }) => sent[0]);
  for (const other of others) expect(other).toBe(first);
  // The next flush has other lines, perhaps in the same memory.
  flushed.write("bob: hello\n");
  for (const { out } of tabs) out.write(flushed.subarray());
  for (const { text } of tabs) {
    expect(text()).toBe("data: ann: hello\n\ndata: bob: hello\n\n");
  }
});
