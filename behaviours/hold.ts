// Holds one behaviour against one server.
import type { Behaviour } from "./behaviour.ts";
import { Unmet } from "./client.ts";
import { type Server, startServer } from "./server.ts";
import { World } from "./world.ts";

export interface Outcome {
  readonly behaviour: Behaviour;
  /** Undefined when the server does what it should. */
  readonly unmet: Unmet | undefined;
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
    start: Parameters<typeof startServer>[0];
  },
): Promise<Outcome> {
  const server = await startServer(options.start);
  try {
    return await hold(behaviour, { ...options, server });
  } finally {
    server.process.kill("SIGKILL");
    await server.process.ended;
  }
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
  return { behaviour, unmet, transcript: world.transcript, output };
}
