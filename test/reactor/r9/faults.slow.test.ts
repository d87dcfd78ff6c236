// The page of r9 under attack: each attack costs the attacker its connection, and others
// nothing.
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Server } from "../../../behaviours/server.ts";
import { World } from "../../../behaviours/world.ts";
import { usageOf } from "../../../scripts/bench/usage.ts";
import { dialTo } from "../r5/server.ts";
import { withStep } from "../r8/server.ts";
import { descriptorsOf, limitDescriptors, nextDescriptor, until } from "../servers.ts";
import { asks, pageOf, serverAt, Tab } from "./tab.ts";

/** A hundred megabytes. */
const HUGE = 100_000_000;

async function start(
  ...args: string[]
): Promise<{ server: Required<Server>; page: string; world: World }> {
  const server = await withStep("r9-chat", "--rate", "0", ...args);
  const world = new World({ server, step: 18, patience: 30_000 });
  onTestFinished(() => world.close());
  return { server, page: pageOf(server), world };
}

describe.runIf(process.platform === "linux")("the page", () => {
  test("disconnects a stalled event stream like any slow reader", async () => {
    const { server, page, world } = await start("--max-stuck", "0.5");
    const stalled = await Tab.open(page);
    const tab = await Tab.open(page);
    const ann = await world.join("ann");
    stalled.pauses();
    await ann.floods(world.plenty);
    // Ann may have read the notice during her flood, so look into the log.
    const left = `"user":"${stalled.name}","from":"127.0.0.1","msg":"disconnected"`;
    await until(() => server.process.output().includes(left));
    expect(server.process.output()).toContain('"msg":"stuck"');
    await ann.talks("and on it goes");
    await tab.sees(`${ann.name}: and on it goes`);
  });

  test("serves 200 tabs, and their reset at the same time", async () => {
    const { server, page } = await start();
    const { pid } = server.process;
    const before = descriptorsOf(pid);
    const tabs: Tab[] = [];
    for (let count = 0; count < 200; count += 1) tabs.push(await Tab.open(page));
    const [first, ...others] = tabs;
    await first?.says("all of you");
    for (const tab of tabs) await tab.sees(`${first?.name}: all of you`);
    for (const tab of others) tab.resets();
    await first?.shows("here", ({ count }: { count: number }) => count === 1);
    await until(() => descriptorsOf(pid) <= before + 1);
  });

  test("releases everything of connections that reset within a request", async () => {
    const { server, page } = await start();
    const { pid } = server.process;
    const before = descriptorsOf(pid);
    const pieces = [
      "GET /events",
      "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "POST /say HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhal",
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20),
    ];
    for (let round = 0; round < 250; round += 1) {
      for (const piece of pieces) {
        const client = await dialTo(serverAt(page));
        await client.send(piece);
        client.resets();
      }
    }
    await until(() => descriptorsOf(pid) === before);
    const tab = await Tab.open(page);
    await tab.shows("here", ({ count }: { count: number }) => count === 1);
    expect(server.process.output()).not.toContain("lost a user");
  });

  test("waits for an incomplete body only until its deadline", async () => {
    const { page } = await start("--body-timeout", "100");
    const half = await dialTo(serverAt(page));
    await half.send("POST /say HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhal");
    const { status } = await half.answer();
    expect(status).toBe(408);
    await half.ends();
  });

  test("refuses a body of a hundred megabytes", async () => {
    const { server, page } = await start();
    const { memory } = usageOf(server.process.pid);
    const { host, port } = serverAt(page);
    const socket = connect(port, host).on("error", () => {});
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes;
    });
    socket.write(`POST /say HTTP/1.1\r\nHost: x\r\nContent-Length: ${HUGE}\r\n\r\n`);
    const megabyte = Buffer.alloc(1 << 20);
    let sent = 0;
    const pour = () => {
      while (sent < HUGE && socket.write(megabyte)) sent += megabyte.length;
    };
    socket.on("drain", pour);
    pour();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(usageOf(server.process.pid).memory - memory).toBeLessThan(HUGE / 3);
  });

  test("keeps running without descriptors, and accepts clients later", async () => {
    const { server, page, world } = await start();
    const { pid } = server.process;
    const tab = await Tab.open(page);
    const ann = await world.join("ann");
    const before = limitDescriptors(pid, nextDescriptor(pid));
    const waiting = asks(page, "GET");
    await until(() => server.process.output().includes("no descriptor is left"));
    const { cpu } = usageOf(pid);
    await ann.talks("are you there?");
    await tab.sees(`${ann.name}: are you there?`);
    limitDescriptors(pid, before);
    expect((await waiting).status).toBe(200);
    expect(usageOf(pid).cpu - cpu).toBeLessThan(1);
  });
});
