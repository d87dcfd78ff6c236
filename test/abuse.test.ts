// Step 18 under attack: what takes a process to see, with limits that tests can reach. What can be
// seen on the wire alone is in behaviours/hostile.ts.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import type { Member } from "../behaviours/member.ts";
import { type Server, startServer } from "../behaviours/server.ts";
import { World } from "../behaviours/world.ts";

const MISSED = /^Server is very busy and dropped (\d+) messages, sorry!$/;
const GOODBYE = "Server is shutting down, goodbye!";
const isLinux = process.platform === "linux";
if (!isLinux)
  console.warn("NOT RUN here: signals, full disks and pipes; they need Linux");

const program = () => join(inject("built"), "18-final/server.js");

interface Running extends World {
  readonly server: Required<Server>;
}

/** A world with a server of its own, both for one test. */
async function start(
  flags: readonly string[] = [],
  { env = {}, node = [] }: { env?: Record<string, string>; node?: string[] } = {},
): Promise<Running> {
  const command = [process.execPath, ...node, program(), ...flags];
  return worldOf(await startServer({ command, env }));
}

function worldOf(server: Required<Server>): Running {
  const world = new World({ server, step: 18, patience: 15_000 });
  onTestFinished(async () => {
    world.close();
    server.process.kill("SIGKILL");
    await server.process.ended;
  });
  return world as Running;
}

/** Waits until the server has logged something. */
async function logged({ server }: Running, pattern: RegExp): Promise<string> {
  for (;;) {
    const match = pattern.exec(server.process.output());
    if (match) return match[0];
    await new Promise(setImmediate);
  }
}

/** How many messages of Bob's there are in some lines, and how many were reported missed. */
function accountOf(lines: readonly string[], bob: Member) {
  return {
    said: lines.filter((line) => line.startsWith(`${bob.name}: `)).length,
    missed: lines.reduce((sum, line) => sum + Number(MISSED.exec(line)?.[1] ?? 0), 0),
  };
}

/** The flags with a number: their defaults, and what makes no sense. */
const NUMBERS = [
  ["--max-message", "400", "0"],
  ["--max-line", "16384", "x"],
  ["--burst", "20", "0.5"],
  ["--rate", "10", "-1"],
  ["--max-queued", "262144", "5"],
  ["--max-stuck", "30", "0"],
  ["--max-clients", "10000", "many"],
  ["--per-address", "16", ""],
  ["--grace", "5", "1e3"],
  ["--keep-alive", "60", "0"],
] as const;

describe("the flags", () => {
  /** What a server says that does not come to listen. */
  const refusal = async (...flags: string[]) => {
    const command = [process.execPath, program(), ...flags];
    const outcome = await startServer({ command }).catch((error: Error) => error.message);
    if (typeof outcome === "string") return outcome;
    outcome.process.kill("SIGKILL");
    throw new Error("It listens.");
  };

  test("are listed by --help, with their defaults", async () => {
    const help = await refusal("--help");
    for (const [flag, value] of NUMBERS) {
      expect(help).toMatch(new RegExp(`^ +${flag} N .*\\(${value}\\)$`, "m"));
    }
    expect(help).toMatch(/^ +--limit-loopback /m);
  });

  test.each(NUMBERS)(
    "refuse %s, by default %s, as %j in one line",
    async (flag, _, value) => {
      const message = await refusal(`${flag}=${value}`);
      expect(message).toMatch(/it ended with 2\n.+\n$/);
      expect(message).toContain(`Cannot set ${flag} to "${value}"`);
    },
  );
});

describe("places", () => {
  test("are limited, and one client more gets a reason and none", async () => {
    const world = await start(["--max-clients", "2"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const eve = await world.connect("eve");
    await eve.sees("Server is full, try again later");
    await eve.seesEnd();
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
    await bob.leaves();
    for (;;) {
      const dave = await world.connect("dave");
      if ((await dave.line()) === "Server commands") break;
      await dave.seesEnd();
    }
  });

  test("are limited for one address, and given back", async () => {
    const world = await start(["--per-address", "1", "--limit-loopback"]);
    const ann = await world.join("ann");
    const bob = await world.connect("bob");
    await bob.sees("Too many connections from you, try again later");
    await bob.seesEnd();
    await ann.resets();
    for (;;) {
      const eve = await world.connect("eve");
      if ((await eve.line()) === "Server commands") break;
      await eve.seesEnd();
    }
  });

  test("are not limited for the addresses of this machine without the flag", async () => {
    const world = await start(["--per-address", "1"]);
    for (const label of ["ann", "bob", "eve"]) await world.join(label);
  });
});

describe("a client that does not read", () => {
  test("is closed when it has taken nothing for long, and the log has its name", async () => {
    // More than a machine that has much to do keeps Bob waiting.
    const world = await start(["--max-stuck", "2", "--rate", "0"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.pauses();
    await bob.floods(12_000_000);
    expect(await logged(world, /.*"stuck".*/)).toContain(`"user":"${ann.name}"`);
    await bob.renamesSoon(ann.name);
  });

  test("is closed when it has left and does not close its side", async () => {
    const world = await start(["--max-stuck", "0.3", "--max-clients", "1"]);
    const ann = await world.join("ann");
    ann.send("/quit");
    await ann.seesEnd();
    for (;;) {
      const bob = await world.connect("bob");
      if ((await bob.line()) === "Server commands") break;
      await bob.seesEnd();
    }
  });

  test("gets every answer when it reads on, and no one waits for it", async () => {
    const world = await start(["--max-queued", "4096", "--rate", "0"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.pauses();
    const times = 60_000;
    ann.sendBytes("/users\n".repeat(times));
    await bob.talks("hello");
    ann.resumes();
    let answers = 0;
    while (answers < times) {
      const line = await ann.line();
      if (line.startsWith("Users - ")) answers += 1;
      else expect(line).toBe(bob.says("hello"));
    }
  });
});

describe.runIf(isLinux)("the end", () => {
  test("accounts for every message to a client that does not keep up", async () => {
    const world = await start(["--rate", "0"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.pauses();
    const sent = await bob.floods(16_000_000);
    world.server.process.kill("SIGTERM");
    await bob.sees(GOODBYE);
    ann.resumes();
    const lines = await ann.seesEndSomeTime();
    const { said, missed } = accountOf(lines, bob);
    expect(missed).toBeGreaterThan(0);
    expect(said + missed).toBe(sent);
    expect(lines.at(-1)).toBe(GOODBYE);
    ann.finishes();
    bob.finishes();
    expect(await world.server.process.ended).toBe(0);
  });

  test("comes after the grace, whoever stays", async () => {
    const world = await start(["--grace", "0.2"]);
    const ann = await world.join("ann");
    world.server.process.kill("SIGTERM");
    await ann.sees(GOODBYE);
    expect(await world.server.process.ended).toBe(0);
  });

  test("does not come by SIGHUP", async () => {
    const world = await start();
    const ann = await world.join("ann");
    world.server.process.kill("SIGHUP");
    await logged(world, /hangup/);
    await ann.talks("hello");
  });

  test("by kill -9 leaves the port free at once", async () => {
    const first = await start();
    const ann = await first.join("ann");
    first.server.process.kill("SIGKILL");
    await first.server.process.ended;
    const second = await start(["--port", `${first.server.port}`]);
    await (await second.join("bob")).talks("hello");
    ann.destroy();
  });
});

describe("an error in one client's handler", () => {
  test("ends that client alone, is logged once, and gives back its name", async () => {
    const fault = `const { test } = RegExp.prototype;
      RegExp.prototype.test = function (text) {
        if (text === "boom") throw new Error("injected");
        return test.call(this, text);
      };`;
    const module = `data:text/javascript,${encodeURIComponent(fault)}`;
    const world = await start([], { node: ["--import", module] });
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send("boom");
    await ann.seesEndSomeTime();
    await bob.renamesSoon(ann.name);
    await bob.talks("hello");
    await logged(world, /"lost a user"/);
    expect(world.server.process.output().match(/"lost a user"/g)).toHaveLength(1);
  });
});

describe("a failure to accept", () => {
  test("ends nothing", async () => {
    const fault = `import { Server } from "node:net";
      const { listen } = Server.prototype;
      Server.prototype.listen = function (...words) {
        this.once("connection", () => this.emit("error", new Error("accept ENOBUFS")));
        return listen.apply(this, words);
      };`;
    const module = `data:text/javascript,${encodeURIComponent(fault)}`;
    const world = await start([], { node: ["--import", module] });
    const ann = await world.join("ann");
    await logged(world, /"cannot accept"/);
    const bob = await world.join("bob");
    await bob.talks("hello");
    await ann.sees(bob.says("hello"));
  });
});

describe("lists", () => {
  test("come in lines under 4 KiB, with each entry whole", async () => {
    const world = await start(["--rate", "0"]);
    const labels = Array.from({ length: 250 }, (_, i) => `user-${i}`.padEnd(20, "x"));
    const ann = await world.join("ann");
    for (const label of labels) {
      const user = await world.join(label);
      user.sendBytes(`/name ${label}\n/join room-${label.slice(5)}\n/join hall\n`);
      for (;;) if ((await user.line()) === "You joined hall") break;
    }
    ann.send("/join hall");
    for (;;) if ((await ann.line()) === "You joined hall") break;
    ann.send("/users");
    const users: string[] = [];
    while (users.length < labels.length + 1) {
      const line = await ann.sees(/^Users - /);
      expect(Buffer.byteLength(line)).toBeLessThan(4096);
      users.push(...line.replace("Users - ", "").split(", "));
    }
    expect(users.sort()).toEqual([...labels, ann.name].sort());
  });
});

describe.runIf(isLinux)("the log", () => {
  test("has no unknown command and nothing that was said", async () => {
    const world = await start([], { env: { LOG_LEVEL: "trace" } });
    const ann = await world.join("ann");
    ann.send("/hunter2 hunter2");
    await ann.sees(/Unrecognized/);
    await ann.talks("hunter2");
    ann.sendBytes(`hunter2${"x".repeat(20_000)}`);
    await ann.seesEndSomeTime();
    await logged(world, /"disconnected"/);
    expect(world.server.process.output()).not.toContain("hunter2");
  });

  test("has the number of what comes again and again, not the lines", async () => {
    const world = await start();
    const times = 40;
    for (let i = 0; i < times; i += 1) await (await world.join(`${i}`)).resets();
    const ann = await world.join("ann");
    for (;;) {
      ann.send("/users");
      if ((await ann.line()) === `Users - ${ann.name}`) break;
    }
    world.server.process.kill("SIGTERM");
    await ann.sees(GOODBYE);
    await ann.leaves();
    await world.server.process.ended;
    const resets = world.server.process
      .output()
      .split("\n")
      .filter((line) => line.includes('"reset"'));
    const sum = resets.reduce((all, line) => all + (JSON.parse(line).times ?? 1), 0);
    expect(sum).toBe(times);
    // Two lines for each ten seconds, and a machine that is slow.
    expect(resets.length).toBeLessThan(times / 2);
  });

  /** Starts one whose error output is given, and waits until it listens. */
  async function startWith(stderr: number | "pipe") {
    const child = spawn(process.execPath, [program(), "--rate", "0"], {
      env: { ...process.env, PORT: "0", LOG_LEVEL: "debug" },
      stdio: ["ignore", "pipe", stderr],
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    let output = "";
    for await (const text of child.stdout as AsyncIterable<Buffer>) {
      output += text;
      if (output.includes("\n")) break;
    }
    const port = Number(/:(\d+)\n/.exec(output)?.[1]);
    const world = new World({
      server: { host: "127.0.0.1", port },
      step: 18,
      patience: 15_000,
    });
    onTestFinished(() => world.close());
    return { child, world, ended };
  }

  /** So much that a pipe of 64 KiB is full. */
  async function fills(ann: Member): Promise<void> {
    for (let i = 0; i < 2_000; i += 1) await ann.renames(`Ann-${i}`);
  }

  test("may be a pipe that nobody reads", async () => {
    const { child, world, ended } = await startWith("pipe");
    child.stderr?.pause();
    const ann = await world.join("ann");
    await fills(ann);
    await ann.talks("hello");
    child.kill("SIGTERM");
    await ann.sees(GOODBYE);
    await ann.leaves();
    expect(await ended).toBe(0);
  });

  test("may be a pipe whose reader has gone", async () => {
    const { child, world, ended } = await startWith("pipe");
    child.stderr?.destroy();
    const ann = await world.join("ann");
    await fills(ann);
    child.kill("SIGTERM");
    await ann.sees(GOODBYE);
    await ann.leaves();
    expect(await ended).toBe(0);
  });

  test("may be a file on a full disk", async () => {
    const full = openSync("/dev/full", "w");
    const { child, world, ended } = await startWith(full);
    closeSync(full);
    const ann = await world.join("ann");
    await fills(ann);
    child.kill("SIGTERM");
    await ann.sees(GOODBYE);
    await ann.leaves();
    expect(await ended).toBe(0);
  });
});

describe.runIf(isLinux)("without descriptors", () => {
  test("the server goes on, and takes clients again when some have left", async () => {
    const words = ["ulimit -n 64; exec", process.execPath, program()];
    const world = worldOf(await startServer({ command: [words.join(" ")], shell: true }));
    const ann = await world.join("ann");
    const { host, port } = world.server;
    for (let round = 0; round < 5; round += 1) {
      const sockets = Array.from({ length: 200 }, () => connect({ host, port }));
      // Each is accepted, or closed at once; some wait until others have gone.
      await Promise.all(
        sockets.slice(0, 20).map(
          (socket) =>
            new Promise((resolve) => {
              for (const event of ["data", "close", "error"]) socket.on(event, resolve);
            }),
        ),
      );
      for (const socket of sockets) socket.on("error", () => {}).destroy();
    }
    await ann.talks("hello");
    for (;;) {
      const bob = await world.connect("bob");
      if ((await bob.line().catch(() => "")) === "Server commands") break;
    }
  });
});
