// Clients on the machine: the behaviours, with the vocabulary that steers real clients, as
// a second program next to the server.
import { pathToFileURL } from "node:url";
import type { Behaviour } from "../../behaviours/behaviour.ts";
import type { Server } from "../../behaviours/server.ts";
import { ROOT, type Step } from "../../behaviours/steps.ts";
import type { World } from "../../behaviours/world.ts";
import { Machine, type MachineOptions, type StartOptions } from "./machine.ts";
import type { Program } from "./node/program.ts";

/** How long an actor waits for something expected, in virtual milliseconds. */
const PATIENCE = 600_000;
const LISTENING = /listening on [^\s:]+:(\d+)/;

export const addressOf = (path: string): string => pathToFileURL(`${ROOT}${path}`).href;

/** The modules of behaviours/, as they run on the machine. */
interface Vocabulary {
  readonly World: typeof World;
  readonly behaviours: readonly Behaviour[];
  readonly Unmet: new (expected: string, got: string) => Error;
}

/** The server ended before it listened. */
export class NotListening extends Error {}

/** A step's server and a program of actors, on one machine. */
export class Stage {
  readonly machine: Machine;
  readonly server: Program;
  readonly actors: Program;
  readonly step: Step;

  constructor(step: Step, machine: MachineOptions, server: StartOptions = {}) {
    this.step = step;
    this.machine = new Machine(machine);
    const env = { PORT: "0", ...server.env };
    this.server = this.machine.start(addressOf(`examples/${step.slug}/server.ts`), {
      ...server,
      env,
    });
    this.actors = this.machine.spawn("actors", { descriptors: 100_000 });
    this.actors.isActor = true;
  }

  /** Loads behaviours/. */
  static async vocabulary(): Promise<Vocabulary> {
    const load = (name: string) => Machine.load(addressOf(`behaviours/${name}.ts`));
    const { World } = await load("world");
    const { BEHAVIOURS } = await load("table");
    const { Unmet } = await load("client");
    return { World, behaviours: BEHAVIOURS, Unmet } as unknown as Vocabulary;
  }

  /** Runs actors once the server listens. */
  run<Result>(main: (server: Server) => Promise<Result>): Promise<Result> {
    return this.machine.run(this.actors, async () => main(await this.#listening()));
  }

  #listening(): Promise<Server> {
    const { server } = this;
    return new Promise((resolve, reject) => {
      const look = () => {
        const port = LISTENING.exec(server.output)?.[1];
        if (port !== undefined) resolve(this.#serverAt(Number(port)));
        else if (server.process.exited) reject(new NotListening(server.output));
      };
      // The server listens in its own turn; the actors continue in one of theirs.
      server.onOutput = () => this.actors.process.later(look);
      server.process.onExit = () => this.actors.process.later(look);
      look();
    });
  }

  #serverAt(port: number): Server {
    const { server, actors } = this;
    const ended = new Promise<number | NodeJS.Signals>((resolve) => {
      const end = () => actors.process.later(() => resolve(server.process.ending ?? 0));
      server.process.onExit = end;
      if (server.process.exited) end();
    });
    const kill = (signal: NodeJS.Signals) => server.signal(signal);
    const process = { pid: 1, output: () => server.output, ended, kill };
    return { host: "127.0.0.1", port, process };
  }
}

/** The result of checking a behaviour. */
interface Held {
  readonly unmet: string | undefined;
  readonly transcript: readonly string[];
}

/** Checks behaviours against one server, one after the other. */
export async function holdOn(
  stage: Stage,
  { World, Unmet }: Vocabulary,
  behaviours: readonly Behaviour[],
  plenty: number,
): Promise<Map<Behaviour, Held>> {
  const found = new Map<Behaviour, Held>();
  await stage.run(async (server) => {
    for (const behaviour of behaviours) {
      const step = stage.step.number;
      const world = new World({ server, step, patience: PATIENCE, plenty });
      let unmet: string | undefined;
      try {
        await behaviour.run(world);
      } catch (error) {
        if (!(error instanceof Unmet)) throw error;
        unmet = error.message;
      } finally {
        world.close();
      }
      found.set(behaviour, { unmet, transcript: world.transcript });
    }
  });
  return found;
}
