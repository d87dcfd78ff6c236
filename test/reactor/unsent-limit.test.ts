// How much the kernel takes for a client that does not read.
import { expect, onTestFinished, test } from "vitest";
import { TcpListener, TcpStream } from "../../examples/shared/poll/net.ts";
import { Events } from "../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../examples/shared/poll/readiness/interest.ts";
import { openPoll } from "../../examples/shared/poll/readiness/pollers.ts";

const PIECE = Buffer.alloc(65536);
/** Far more than a client's own buffer and the limit; far less than the kernel takes else. */
const MOST = 1_500_000;

// FreeBSD and Windows have no such option.
test.runIf(["linux", "darwin"].includes(process.platform))(
  "the kernel takes little in advance for a client that does not read",
  () => {
    const poll = openPoll();
    const listener = TcpListener.listen("127.0.0.1", 0);
    const { port } = listener.localAddress();
    const client = TcpStream.connect("127.0.0.1", port);
    poll.registry.register(listener, 0, READABLE);
    poll.poll(new Events(1), 60_000);
    const stream = listener.accept();
    if (typeof stream === "string") throw new Error(`no client: ${stream}`);
    onTestFinished(() => {
      for (const source of [listener, client, stream, poll]) source.close();
    });
    stream.setUnsentLimit(524288);
    let taken = 0;
    for (let count = 0; count < 100; count += 1) {
      const written = stream.write(PIECE);
      if (written === "blocked") break;
      taken += Number(written);
    }
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(MOST);
  },
);
