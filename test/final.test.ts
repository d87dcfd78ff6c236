// Step 18 as a program: its options, its messages, its logs, and how it ends.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { startServer } from "../behaviours/server.ts";
import { World } from "../behaviours/world.ts";
import { someOf } from "./requirements.ts";

const command = (...options: string[]) => [
  process.execPath,
  join(inject("built"), "18-final/server.js"),
  ...options,
];

const start = (env: Record<string, string> = {}, ...options: string[]) =>
  startServer({ command: command(...options), env });

/** Starts one that should not come to listen. */
async function fails(env: Record<string, string>, ...options: string[]): Promise<string> {
  const outcome = await start(env, ...options).catch((error: Error) => error.message);
  if (typeof outcome === "string") return outcome;
  outcome.process.kill("SIGKILL");
  throw new Error("It listens.");
}

describe.concurrent("the options of step 18", () => {
  const senseless = [
    ["--port", "x"],
    ["--port", "65536"],
    ["-p", "-1"],
    ["--ip", "localhost"],
    ["--ip", "1.2.3"],
    ["--speed", "9"],
    ["extra"],
  ];
  test.each(someOf(senseless))(
    "are refused when they make no sense: %s %s",
    async (...options) => {
      const message = await fails({}, ...options);
      expect(message).toContain("it ended with 2");
      expect(message).not.toMatch(/^\s+at /m);
    },
  );

  test("are told by --help", async () => {
    const message = await fails({}, "--help");
    expect(message).toContain("it ended with 0");
    for (const word of ["--ip", "-i,", "--port", "-p,", "LOG_LEVEL"]) {
      expect(message).toContain(word);
    }
  });

  test("choose address and port", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    const message = await fails({}, "-i", "127.0.0.1", "-p", `${port}`);
    expect(message).toContain("it ended with 1");
    expect(message).toContain(`Cannot listen on 127.0.0.1 port ${port}: another program`);
    expect(message).not.toMatch(/^\s+at /m);
    free.close();
    await once(free, "close");
    const server = await start({}, "--ip", "127.0.0.1", "--port", `${port}`);
    expect(server.port).toBe(port);
    server.process.kill("SIGKILL");
  });

  test("give a reason when the address is not of this machine", async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody has it.
    const message = await fails({}, "--ip", "192.0.2.1");
    expect(message).toContain(
      "Cannot listen on 192.0.2.1 port 0: this machine has no such",
    );
  });

  test("refuse a log level that there is not", async () => {
    const message = await fails({ LOG_LEVEL: "loud" });
    expect(message).toContain('Cannot set LOG_LEVEL to "loud"');
    expect(message).toContain("it ended with 2");
  });
});

const hasSignals = process.platform !== "win32";
if (!hasSignals) console.warn("NOT RUN here: the end by a signal; Windows has none");

describe.concurrent("step 18", () => {
  test.runIf(hasSignals)(
    "says goodbye on SIGTERM and on SIGINT, after all that was said",
    async () => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const server = await start();
        const world = new World({ server, step: 18, patience: 15_000 });
        const ann = await world.join("ann");
        const bob = await world.join("bob");
        await ann.talks("hello");
        server.process.kill(signal);
        await ann.sees("Server is shutting down, goodbye!");
        await ann.seesEnd();
        await bob.sees(ann.says("hello"));
        await bob.sees("Server is shutting down, goodbye!");
        ann.finishes();
        bob.finishes();
        expect(await server.process.ended).toBe(0);
        await expect(world.connect("eve")).rejects.toThrow(/connect/);
      }
    },
  );

  test.runIf(hasSignals)("ends at once on a second signal", async () => {
    const server = await start();
    const world = new World({ server, step: 18, patience: 15_000 });
    const ann = await world.join("ann");
    server.process.kill("SIGINT");
    await ann.sees("Server is shutting down, goodbye!");
    // Ann does not close her side: the server would wait for her.
    server.process.kill("SIGINT");
    expect(await server.process.ended).toBe(128 + constants.signals.SIGINT);
    world.close();
  });

  test.runIf(hasSignals)(
    "logs as JSON who comes and goes, and never what is said",
    async () => {
      const server = await start({ LOG_LEVEL: "trace" });
      const world = new World({ server, step: 18, patience: 15_000 });
      const ann = await world.join("ann");
      await ann.talks("a secret");
      await ann.renames("Ann");
      ann.send("/quit");
      await ann.seesEnd();
      await ann.leaves();
      server.process.kill("SIGTERM");
      await server.process.ended;
      const [ready, ...lines] = server.process.output().trim().split("\n");
      expect(ready).toMatch(/^listening on /);
      const events = lines.map((line) => JSON.parse(line).msg);
      expect(events, server.process.output()).toEqual([
        "connected",
        "renamed",
        "disconnected",
        "stopping",
      ]);
      expect(server.process.output()).not.toContain("secret");
    },
  );

  test.runIf(hasSignals)("logs nothing when it is told to be silent", async () => {
    const server = await start({ LOG_LEVEL: "silent" });
    const world = new World({ server, step: 18, patience: 15_000 });
    const ann = await world.join("ann");
    await ann.resets();
    const bob = await world.join("bob");
    await bob.leaves();
    server.process.kill("SIGTERM");
    await server.process.ended;
    expect(server.process.output()).toMatch(/^listening on \S+\n$/);
  });
});
