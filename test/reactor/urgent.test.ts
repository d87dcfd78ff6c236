// TCP urgent data, as Telnet clients send it: a read stops at the urgent byte, although more
// bytes have arrived. On Linux none of them is forgotten.
import { describe, expect, test } from "vitest";
import { errno, library, SysError } from "../../examples/shared/poll/ffi.ts";
import type { TcpStream } from "../../examples/shared/poll/net.ts";
import { READABLE } from "../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../examples/shared/poll/readiness/poll.ts";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { systemSockets } from "../../examples/shared/poll/system-sockets.ts";
import { OpenContext } from "./conformance/context.ts";
import { reportsOf, untilFence, waitFor } from "./conformance/gather.ts";

/** The same on every system that descends from BSD. */
const MSG_OOB = 1;

function sendUrgent({ fd }: TcpStream): void {
  const send = library().fn("intptr_t send(int fd, void *bytes, size_t size, int flags)");
  if (send(fd, Buffer.from("!"), 1, MSG_OOB) !== 1) throw new SysError("send", errno());
}

/** Reads as r5 to r9 do: after each event, until a read is short. */
function received(context: OpenContext, poll: Poll, ours: TcpStream, length: number) {
  const into = Buffer.alloc(100);
  let text = "";
  while (text.length < length) {
    waitFor(context, poll, 7);
    const count = ours.read(into);
    if (typeof count === "number") text += into.toString("latin1", 0, count);
  }
  return text;
}

describe.skipIf(process.platform !== "linux")("bytes behind urgent data", () => {
  test.each(availablePollers())("are reported by $name", (poller) => {
    const context = new OpenContext({
      poller: poller.name,
      sockets: systemSockets(),
      open: () => poller.open(),
      faults: () => {
        throw new Error("Cannot fail: these are the system's sockets");
      },
      now: () => performance.now(),
    });
    try {
      const [ours, theirs] = context.pair();
      const poll = context.openPoll();
      poll.registry.register(ours, 7, READABLE);
      for (let time = 0; time < 3; time += 1) {
        theirs.write(Buffer.from("one\n"));
        sendUrgent(theirs);
        theirs.write(Buffer.from("two\n"));
        expect(received(context, poll, ours, 8)).toBe("one\ntwo\n");
        expect(reportsOf(context, poll, 7)).toEqual([]);
      }
      // One that nobody reads is not reported without end, whatever the mode.
      for (const mode of ["edge", "level"] as const) {
        poll.registry.reregister(ours, 7, READABLE, mode);
        sendUrgent(theirs);
        untilFence(context, poll);
        expect(reportsOf(context, poll, 7)).toEqual([]);
      }
      theirs.write(Buffer.from("three\n"));
      expect(received(context, poll, ours, 6)).toBe("three\n");
    } finally {
      context.closeAll();
    }
  });
});
