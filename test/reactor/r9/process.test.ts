// r9 as a process: its limits per address, and how it starts and ends.
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { withStep } from "../r8/server.ts";
import { until } from "../servers.ts";
import { asks, pageOf, Tab } from "./tab.ts";

/** Reads until the end of a connection. */
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
  test("connections are served up to the limit, and refused until one leaves", async () => {
    const flags = ["--limit-loopback", "--per-address", "1"];
    const server = await withStep("r9-chat", ...flags);
    const ann = connect(server.port, server.host).on("error", () => {});
    await once(ann, "data");
    const refused = "Too many connections from you, try again later\n";
    expect(await allFrom(server)).toBe(refused);
    ann.end();
    ann.resume();
    await once(ann, "close");
    // The server frees her place before it closes her connection.
    const bob = connect(server.port, server.host).on("error", () => {});
    const [greeting] = await once(bob, "data");
    expect(`${greeting}`).toContain("You joined main");
    bob.destroy();
  });
});

const hasSignals = process.platform !== "win32";

test.runIf(hasSignals)(
  "takes no more than its most clients, however many come at once",
  async () => {
    const server = await withStep("r9-chat", "--max-clients", "3");
    server.process.kill("SIGSTOP");
    const sockets = Array.from({ length: 9 }, () => connect(server.port, server.host));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    server.process.kill("SIGCONT");
    const greetings = await Promise.all(
      sockets.map(async (socket) => `${await once(socket, "data")}`),
    );
    for (const socket of sockets) socket.destroy();
    expect(greetings.filter((text) => text.includes("You joined main")).length).toBe(3);
  },
);

test("logs a new name as `to`: a field `name` would be the log's own", async () => {
  const server = await withStep("r9-chat", "--log-level", "debug");
  const ann = connect(server.port, server.host).on("error", () => {});
  ann.write("/name Ann\n/quit\n");
  ann.resume();
  await once(ann, "close");
  const renamed = /^.*"renamed".*$/m;
  await until(() => renamed.test(server.process.output()));
  const line = JSON.parse(renamed.exec(server.process.output())?.[0] ?? "");
  expect(line).toMatchObject({ level: 20, to: "Ann", msg: "renamed" });
  expect(line).not.toHaveProperty("name");
});

describe("the page", () => {
  test("counts as a connection of its address, and so does an event stream", async () => {
    const flags = [
      "--limit-loopback",
      "--per-address",
      "1",
      "--burst",
      "1",
      "--rate",
      "99",
    ];
    const server = await withStep("r9-chat", ...flags);
    const page = pageOf(server);
    const ann = connect(server.port, server.host).on("error", () => {});
    await once(ann, "data");
    expect((await asks(page, "GET")).status).toBe(503);
    ann.end();
    ann.resume();
    await once(ann, "close");
    const tab = await Tab.open(page);
    expect((await asks(page, "GET")).status).toBe(503);
    expect(await allFrom(server)).toMatch(/^Too many connections/);
    tab.resets();
  });

  test("throttles a user who floods, as it does line clients", async () => {
    const server = await withStep("r9-chat", "--burst", "1", "--rate", "0.01");
    const tab = await Tab.open(pageOf(server));
    await tab.says("one");
    // The answer would take a hundred seconds.
    tab.says("two").catch(() => {});
    await until(() => server.process.output().includes('"msg":"flood"'));
    await tab.sees(`${tab.name}: one`);
  });

  test("is not served when it is disabled", async () => {
    const server = await withStep("r9-chat", "--page-port", "none");
    expect(server.process.output()).not.toContain("page on");
  });
});

test.each([
  [["--page-port", "70000"], /Cannot set --page-port to "70000": not a port, or none/],
  [["--ip", "localhost"], /Cannot set --ip to "localhost": not an IP address/],
  [
    ["--ip", "192.0.2.1"],
    /Cannot listen on 192.0.2.1 port \d+: this machine has no such/,
  ],
  [["--poller", "magic"], /Cannot use the poller magic/],
  [["--magic"], /--magic/],
])("fails with a one-line error for %j", async (args, message) => {
  await expect(withStep("r9-chat", ...args)).rejects.toThrow(message);
});

test("listens on IPv6, and on :: for IPv6 and IPv4", async () => {
  const one = await withStep("r9-chat", "--ip", "::1");
  expect(one.process.output()).toContain(`listening on [::1]:${one.port}\n`);
  const tab = await Tab.open(pageOf(one));
  const both = await withStep(
    "r9-chat",
    "--ip",
    "::",
    "--limit-loopback",
    "--per-address",
    "2",
  );
  for (const host of ["::1", "127.0.0.1", "::1", "127.0.0.1"]) {
    const client = connect(both.port, host).on("error", () => {});
    onTestFinished(() => void client.destroy());
    const [greeting] = await once(client, "data");
    expect(`${greeting}`).toContain("You joined main");
  }
  // An IPv4 client counts as the same when it connects by `::ffff:127.0.0.1`.
  for (const host of ["::1", "127.0.0.1"]) {
    expect(await allFrom({ ...both, host })).toMatch(/^Too many connections/);
  }
  tab.resets();
});

test.runIf(hasSignals)("says goodbye after Ctrl-C, and ends", async () => {
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
});
