// Holds one behaviour against one server.
import type { Behaviour } from "./behaviour.ts";
import { Unmet } from "./client.ts";
import { type Server, type StartOptions, startServer } from "./server.ts";
import { World } from "./world.ts";

export interface Outcome {
  readonly behaviour: Behaviour;
  /** Undefined when the server does what it should. */
  readonly unmet: Unmet | undefined;
  /** Nothing has come from the server, to any client. */
  readonly silent: boolean;
  /** What all clients sent and saw. */
  readonly transcript: readonly string[];
  /** What the server wrote on its own outputs, when we started it. */
  readonly output: string;
}

/** Starts a server for one behaviour alone, and ends it afterwards. */
export async function holdAlone(
  behaviour: Behaviour,
  options: {
    step: number;
    patience: number;
    start: StartOptions;
    /** Starts it in place of `startServer`. */
    starter?: typeof startServer;
  },
): Promise<Outcome> {
  const server = await (options.starter ?? startServer)(options.start);
  let outcome: Outcome;
  try {
    outcome = await hold(behaviour, { ...options, server });
  } finally {
    server.process.kill("SIGKILL");
    await server.process.ended;
  }
  // What a server writes as it crashes may come after the end of its connections.
  return { ...outcome, output: server.process.output() };
}

/** Holds a behaviour against a server that runs. */
export async function hold(
  behaviour: Behaviour,
  options: { server: Server; step: number; patience: number; plenty?: number },
): Promise<Outcome> {
  const world = new World(options);
  let unmet: Unmet | undefined;
  try {
    await behaviour.run(world);
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    unmet = error;
  } finally {
    world.close();
  }
  const output = options.server.process?.output() ?? "";
  return { behaviour, unmet, silent: !world.heard, transcript: world.transcript, output };
}
