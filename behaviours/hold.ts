// Holds one behaviour against one server.
import type { Behaviour } from "./behaviour.ts";
import type { LogBroker } from "./broker.ts";
import { Unmet } from "./client.ts";
import { type StartOptions, startServer } from "./server.ts";
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

/** Starts a server for one behaviour alone, its broker before, and ends them afterwards. */
export async function holdAlone(
  behaviour: Behaviour,
  options: {
    step: number;
    patience: number;
    plenty?: number;
    start: StartOptions;
    /** Starts it in place of `startServer`. */
    starter?: typeof startServer;
    /** Starts the broker of a log, at which the server finds it by BROKER. */
    broker?: (() => Promise<LogBroker>) | undefined;
  },
): Promise<Outcome> {
  const { start, starter = startServer } = options;
  const broker = await options.broker?.();
  const where = broker && { BROKER: broker.address };
  const again = (env: Record<string, string> = {}) =>
    starter({ ...start, env: { ...start.env, ...where, ...env } });
  try {
    const server = await again();
    let outcome: Outcome;
    try {
      outcome = await hold(behaviour, { ...options, server, start: again, broker });
    } finally {
      server.process.kill("SIGKILL");
      await server.process.ended;
    }
    // What a server writes as it crashes may come after the end of its connections.
    return { ...outcome, output: server.process.output() };
  } finally {
    await broker?.remove();
  }
}

/** Holds a behaviour against a server that runs. */
export async function hold(
  behaviour: Behaviour,
  options: ConstructorParameters<typeof World>[0],
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
    await world.end();
  }
  const output = options.server.process?.output() ?? "";
  return { behaviour, unmet, silent: !world.heard, transcript: world.transcript, output };
}
