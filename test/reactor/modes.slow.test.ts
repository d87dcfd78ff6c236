// The modes in which a program runs its loop: it owns its thread, is a guest of Node's loop,
// or owns a worker. Each mode with each poller that runs here.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { usageOf } from "../../scripts/bench/usage.ts";
import { Command } from "../run.ts";
import { type Built, buildPrograms } from "./conformance/build.ts";
import { Talk } from "./modes/talk.ts";

/** The pollers that run here. */
const POLLERS = availablePollers().map(({ name }) => name);
const onPosix = describe.skipIf(process.platform === "win32");
const run = promisify(execFile);

let built: Built;
const open = new Set<Required<Server>>();

beforeAll(() => {
  const programs = ["serve", "serve-worker", "early", "refused", "rest"];
  built = buildPrograms(programs.map((name) => `test/reactor/modes/${name}.ts`));
});

afterEach(async () => {
  for (const { process } of open) {
    process.kill("SIGKILL");
    await process.ended;
  }
  open.clear();
});

afterAll(() => built.remove());

/** Starts the word server in a mode, with a client. */
async function start(mode: string, poller: string) {
  const server = await startServer({
    command: [process.execPath, built.run, mode, poller],
  });
  open.add(server);
  return { ...server, ann: await Talk.with(server.port) };
}

/** Runs a program to its end. @returns Its output. @throws When it fails. */
async function play(name: string, ...args: string[]): Promise<string> {
  const file = join(dirname(built.run), `${name}.js`);
  const what = { timeout: 50_000, killSignal: "SIGKILL" } as const;
  return (await run(process.execPath, [file, ...args], what)).stdout;
}

/** The output lines after the first, which says where the server listens. */
function saidBy({ process }: Required<Server>): string[] {
  return process.output().trim().split("\n").slice(1);
}

onPosix.each(POLLERS)("with %s", (poller) => {
  describe.each(["own", "guest", "worker"])("in mode %s", (mode) => {
    test("serves clients, and wakes after the timeout that a turn returned", async () => {
      const { ann, port } = await start(mode, poller);
      expect(await ann.ask("hello")).toBe("hello");
      expect(await ann.ask("wait")).toBe("due");
      expect(await ann.ask("wait")).toBe("due");
      const bob = await Talk.with(port);
      expect(await bob.ask("also")).toBe("also");
      await bob.leave();
      expect(await ann.ask("again")).toBe("again");
    });

    test("a signal that ends a wait causes no turn", async () => {
      const { ann, process } = await start(mode, poller);
      await ann.ask("hello");
      for (let time = 0; time < 3; time += 1) {
        await isAsleep(process.pid);
        process.kill("SIGUSR2");
      }
      expect(await ann.ask("again")).toBe("again");
    });

    test("ends when a turn says so, and then the process exits", async () => {
      const { ann, ...server } = await start(mode, poller);
      expect(await ann.ask("end")).toBe(undefined);
      expect(await server.process.ended).toBe(0);
      expect(saidBy(server)).toContain("closed 1");
    });

    test("an exception in a turn is not lost", async () => {
      const { ann, ...server } = await start(mode, poller);
      expect(await ann.ask("throw")).toBe(undefined);
      expect(await server.process.ended).toBe(mode === "guest" ? 3 : 1);
      expect(server.process.output()).toContain("Error: thrown in a turn");
    });
  });

  test("in mode own Ctrl-C ends the process by its signal", async () => {
    const { process } = await start("own", poller);
    process.kill("SIGINT");
    expect(await process.ended).toBe("SIGINT");
  });

  describe("as a guest", () => {
    test("the program handles Ctrl-C, closes and ends", async () => {
      const { ann, ...server } = await start("guest", poller);
      await ann.ask("hello");
      server.process.kill("SIGINT");
      expect(await ann.receive()).toBe(undefined);
      expect(await server.process.ended).toBe(0);
      expect(saidBy(server).slice(0, 2)).toEqual(["interrupted", "closed 1"]);
    });

    const asked = {
      timer: "timer",
      tick: "tick",
      promise: "promise",
      immediate: "immediate",
      file: "file of true",
      thread: "thread",
      connect: "connect, here",
      later: "connect, here",
      lay: "laid",
      pull: "pulled",
    };

    test("Node's own work continues while the loop sleeps", async () => {
      const { ann } = await start("guest", poller);
      for (let round = 0; round < 5; round += 1) {
        for (const [word, answer] of Object.entries(asked)) {
          expect(await ann.ask(word), word).toBe(answer);
        }
      }
    });

    test("Node's own work continues while the loop is busy", async () => {
      const { ann, port } = await start("guest", poller);
      const bob = await Talk.with(port);
      let count = 0;
      bob.socket.removeAllListeners("data").on("data", () => {
        count += 1;
        bob.socket.write("on and on\n");
      });
      bob.socket.write("on and on\n");
      for (const [word, answer] of Object.entries(asked)) {
        const before = count;
        expect(await ann.ask(word), word).toBe(answer);
        await until(() => count > before);
      }
    });

    test("sleeps without clients", async () => {
      const { ann, process } = await start("guest", poller);
      for (const [word, answer] of Object.entries(asked)) {
        expect(await ann.ask(word)).toBe(answer);
      }
      await ann.leave();
      const before = usageOf(process.pid).cpu;
      await whileOneSpins();
      expect(usageOf(process.pid).cpu - before).toBeLessThan(0.2);
    });
  });

  describe("in a worker", () => {
    test("the main thread handles Ctrl-C, and ends the worker", async () => {
      const { ann, ...server } = await start("worker", poller);
      await ann.ask("hello");
      server.process.kill("SIGINT");
      expect(await ann.receive()).toBe(undefined);
      expect(await server.process.ended).toBe(0);
      const said = ["interrupted", "closed 1", "the worker has ended with 0"];
      expect(saidBy(server)).toEqual(said);
    });

    test("process.exit in the main thread ends it while it sleeps", async () => {
      const { ann, process } = await start("worker", poller);
      await ann.ask("hello");
      await isAsleep(process.pid);
      process.kill("SIGTERM");
      expect(await process.ended).toBe(7);
    });

    test("terminate ends it while it sleeps", async () => {
      const { ann, ...server } = await start("worker", poller);
      await ann.ask("hello");
      await isAsleep(server.process.pid);
      server.process.kill("SIGHUP");
      expect(await server.process.ended).toBe(0);
      expect(saidBy(server)).toEqual(["the worker has ended with 1"]);
    });
  });
});

onPosix("a worker", () => {
  const early = (...args: string[]) =>
    play("early", ...args).then(
      () => 0,
      ({ code }: { code: number }) => code,
    );

  test("can be ended and terminated while its loop starts", async () => {
    expect(await early()).toBe(0);
  });

  test("never keeps the process from its exit", async () => {
    for (const ms of [0, 0.1, 1, 20]) {
      expect(await early("exit", `${ms}`), `after ${ms} ms`).toBe(7);
    }
  });
});

onPosix("Node's own loop", () => {
  test("reports the time to its next timer by the current clock", async () => {
    expect(await play("rest")).toBe("what is left\n");
  });
});

test("an unavailable mode is refused with an alternative", async () => {
  const guest = "Error: Cannot be Node's guest";
  const instead = "Let the loop own its thread (runLoop), or a worker (LoopWorker)";
  expect((await play("refused")).trim().split("\n")).toEqual([
    "Error: Cannot run in a worker: no LoopWorker is here. Use runLoop instead",
    `${guest}: on Windows its loop has no descriptor. ${instead}`,
    `${guest}: the loop of a worker is out of reach. ${instead}`,
  ]);
});

onPosix("just example", () => {
  const r4 = POLLERS.map((poller) => ["r4", "--poller", poller]);
  test.each([["r3"], ...r4])("%s %s %s ends on Ctrl-C", async (...args) => {
    const example = new Command(["example", ...args.filter(Boolean), "--port", "0"]);
    const [, port] = await example.prints(/^listening on 127.0.0.1:(\d+)$/m);
    const ann = await Talk.with(Number(port));
    const { code, stderr } = await example.end("SIGINT");
    expect(await ann.receive()).toBe(undefined);
    expect(code).toBe(130);
    expect(stderr).toBe("");
  });
});

/** Waits until an r2 without clients has used 0.6 seconds of a core. */
async function whileOneSpins(): Promise<void> {
  const program = join(inject("built"), "r2-nonblocking/server.js");
  const spinner = await startServer({ command: [process.execPath, program] });
  open.add(spinner);
  const { pid } = spinner.process;
  const began = usageOf(pid).cpu;
  await until(() => usageOf(pid).cpu - began > 0.6);
}

/** Waits until the CPU time of a process stands still at five looks in a row. */
async function isAsleep(pid: number): Promise<void> {
  let [used, looks] = [usageOf(pid).cpu, 0];
  await until(() => {
    const now = usageOf(pid).cpu;
    looks = now === used ? looks + 1 : 0;
    used = now;
    return looks === 5;
  });
}

/** Polls until `holds`, with pauses; the test's own timeout is the limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
