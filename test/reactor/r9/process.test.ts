// r9 as a process: its limits for an address, and how it starts and ends.
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { withStep } from "../r8/server.ts";

/** All that comes until the end of a connection. */
async function allFrom({ host, port }: { host: string; port: number }): Promise<string> {
  const socket = connect({ host, port }).on("error", () => {});
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes;
  });
  await once(socket, "close");
  return text;
}

describe("from one address", () => {
  test("so many are served, and others are refused until one leaves", async () => {
    const flags = ["--limit-loopback", "--per-address", "1"];
    const server = await withStep("r9-chat", ...flags);
    const ann = connect(server.port, server.host).on("error", () => {});
    await once(ann, "data");
    const refused = "Too many connections from you, try again later\n";
    expect(await allFrom(server)).toBe(refused);
    ann.end();
    ann.resume();
    await once(ann, "close");
    // Her place is free before her connection is.
    const bob = connect(server.port, server.host).on("error", () => {});
    const [greeting] = await once(bob, "data");
    expect(`${greeting}`).toContain("You joined main");
    bob.destroy();
  });
});

test.each([
  [["--ip", "::1"], /Cannot set --ip to "::1"/],
  [
    ["--ip", "192.0.2.1"],
    /Cannot listen on 192.0.2.1 port \d+: this machine has no such/,
  ],
  [["--poller", "magic"], /Cannot use the poller magic/],
  [["--magic"], /--magic/],
])("says in a line that it cannot start with %j", async (args, message) => {
  await expect(withStep("r9-chat", ...args)).rejects.toThrow(message);
});

test.runIf(process.platform !== "win32")(
  "says goodbye after Ctrl-C, and ends",
  async () => {
    const server = await withStep("r9-chat");
    const ann = connect(server.port, server.host).on("error", () => {});
    let text = "";
    ann.on("data", (bytes) => {
      text += bytes;
    });
    await once(ann, "data");
    server.process.kill("SIGINT");
    await once(ann, "close");
    expect(text).toMatch(/Server is shutting down, goodbye!\n$/);
    expect(await server.process.ended).toBe(0);
  },
);
