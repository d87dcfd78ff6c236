// The rungs from 16 to 17: each is a server as good as 17. And those from 17 to 18: each does
// all that the rung before it does, and closes a hole that the rung before it has.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { type Behaviour, commandFor } from "../behaviours/behaviour.ts";
import { holdAlone } from "../behaviours/hold.ts";
import { type Server, startServer } from "../behaviours/server.ts";
import { EXAMPLES } from "../behaviours/steps.ts";
import { BEHAVIOURS, behavioursOf } from "../behaviours/table.ts";
import { World } from "../behaviours/world.ts";
import { holdStep } from "./steps.ts";

const STEP = 18;
const FOLDER = "18-final/rungs";
const RUNGS = readdirSync(join(EXAMPLES, FOLDER)).sort();
/** Where silence is the failure, it is as long as this, in milliseconds. */
const PATIENCE = 2_000;

const nameOf = (file: string) => file.slice(0, 3);
const commandOf = (file: string) => [
  process.execPath,
  join(inject("built"), FOLDER, file.replace(".ts", ".js")),
];

/** A behaviour as a rung is held to it: before 18g there is no rate, nor a flag for it. */
function asOf(rung: string, behaviour: Behaviour): Behaviour {
  return rung < "18g" ? { ...behaviour, flags: [] } : behaviour;
}

const FASTER_FOLDER = "17-performance/rungs";
const FASTER = readdirSync(join(EXAMPLES, FASTER_FOLDER)).sort();

for (const rung of FASTER) {
  const file = rung.replace(".ts", ".js");
  holdStep(rung, {
    // The first still has the rooms of 16, and its words; lines get a limit with 17e.
    step: rung.startsWith("17a") ? 16 : 17,
    command: () => [process.execPath, join(inject("built"), FASTER_FOLDER, file)],
    alone: false,
    leaveOut: ({ title }) =>
      rung < "17e" && title === "closes a connection whose line never ends"
        ? "it comes with 17e"
        : undefined,
  });
}

for (const file of RUNGS) {
  const rung = nameOf(file);
  holdStep(file, {
    step: STEP,
    command: () => commandOf(file),
    alone: false,
    behaviours: behavioursOf(STEP)
      .filter((behaviour) => (behaviour.rung ?? "") <= rung)
      .map((behaviour) => asOf(rung, behaviour)),
  });
}

describe.concurrent("the rung before falls short", () => {
  for (const behaviour of behavioursOf(STEP)) {
    const { rung, title } = behaviour;
    if (rung === undefined) continue;
    const before = RUNGS[RUNGS.findIndex((file) => nameOf(file) === rung) - 1];
    test(`of ${rung}: ${title}`, async () => {
      if (before === undefined) throw new Error(`There is no rung before ${rung}`);
      const asked = asOf(nameOf(before), behaviour);
      const start = { command: commandFor(asked, STEP, commandOf(before)) };
      const outcome = await holdAlone(asked, { step: STEP, patience: PATIENCE, start });
      expect(outcome.unmet?.message).toMatch(/^expected .*, got /s);
    });
  }
});

/** A server of one test, with the flags and the rest of a command line. */
async function start(command: readonly string[], end = ""): Promise<Running> {
  const server: Required<Server> =
    end === ""
      ? await startServer({ command })
      : await startServer({ command: [`exec ${command.join(" ")} ${end}`], shell: true });
  const world = new World({ server, step: STEP, patience: PATIENCE });
  onTestFinished(async () => {
    world.close();
    server.process.kill("SIGKILL");
    await server.process.ended;
  });
  return { world, server };
}

interface Running {
  readonly world: World;
  readonly server: Required<Server>;
}

/** Makes the first `accept` after a connection fail, as a kernel without memory would. */
const FAILING_ACCEPT = `data:text/javascript,${encodeURIComponent(`
  import { Server } from "node:net";
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...words) {
    this.once("connection", () => this.emit("error", new Error("accept ENOBUFS")));
    return listen.apply(this, words);
  };`)}`;

/** What a rung brings that no client can see: it holds there, and not in the rung before. */
const SEEN_OUTSIDE: Record<
  string,
  { title: string; run: (command: readonly string[]) => Promise<void> }
> = {
  "18a": {
    title: "refuses a port that is none, in one line",
    run: async (command) => {
      const outcome = startServer({ command: [...command, "--port", "x"] });
      const server = await outcome.catch((error: Error) => error.message);
      if (typeof server !== "string") server.process.kill("SIGKILL");
      expect(server).toMatch(/it ended with 2\nCannot set --port to "x": .+\n$/);
    },
  },
  "18b": {
    title: "logs who comes and goes, and nothing that is said",
    run: async (command) => {
      const { world, server } = await start(command);
      const ann = await world.join("ann");
      await ann.talks("hunter2");
      ann.send("/quit");
      await ann.seesEnd();
      await ann.leaves();
      await (await world.join("bob")).talks("hello");
      const output = server.process.output();
      expect(output).toMatch(/"connected".*"disconnected"/s);
      expect(output).not.toContain("hunter2");
    },
  },
  "18d": {
    title: "says goodbye after what was said, and exits with 0",
    run: async (command) => {
      const { world, server } = await start(command);
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.talks("hello");
      server.process.kill("SIGTERM");
      await bob.sees(ann.says("hello"));
      for (const user of [ann, bob]) {
        await user.sees("Server is shutting down, goodbye!");
        await user.seesEnd();
      }
      ann.finishes();
      bob.finishes();
      expect(await server.process.ended).toBe(0);
    },
  },
  "18i": {
    title: "survives an accept that fails",
    run: async ([node = "", ...words]) => {
      const { world } = await start([node, "--import", FAILING_ACCEPT, ...words]);
      await world.connect("ann");
      await (await world.join("bob")).talks("hello");
    },
  },
  "18": {
    title: "survives a log on a full disk",
    run: async (command) => {
      const { world } = await start(command, "2>/dev/full");
      const ann = await world.join("ann");
      await ann.leaves();
      await (await world.join("bob")).talks("hello");
    },
  },
};

const isLinux = process.platform === "linux";
if (!isLinux) console.warn("NOT RUN here: signals and full disks; they need Linux");
const built = (path: string) => [process.execPath, join(inject("built"), path)];

describe.runIf(isLinux).concurrent("seen from outside", () => {
  for (const [rung, { title, run }] of Object.entries(SEEN_OUTSIDE)) {
    const index = RUNGS.findIndex((file) => nameOf(file) === rung);
    const [at, before] =
      rung === "18" ? [undefined, RUNGS.at(-1)] : [RUNGS[index], RUNGS[index - 1]];
    test(`${rung} ${title}`, () =>
      run(at === undefined ? built("18-final/server.js") : commandOf(at)));
    test(`not yet, before ${rung}: it ${title}`, async () => {
      const command = before ? commandOf(before) : built("17-performance/server.js");
      await expect(run(command)).rejects.toThrow();
    });
  }
});

test("each rung closes a hole that the rung before it has", () => {
  const held = new Set(BEHAVIOURS.map(({ rung }) => rung));
  for (const file of RUNGS) {
    expect(held.has(nameOf(file)) || nameOf(file) in SEEN_OUTSIDE, file).toBe(true);
  }
});
