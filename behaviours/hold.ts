// Checks one server against one behaviour.
import type { Behaviour } from "./behaviour.ts";
import type { LogBroker } from "./broker.ts";
import { Unmet } from "./client.ts";
import { type StartOptions, startServer } from "./server.ts";
import { World } from "./world.ts";

export interface Outcome {
  readonly behaviour: Behaviour;
  /** Undefined when the server does what it should. */
  readonly unmet: Unmet | undefined;
  /** Whether the server has sent nothing to any client. */
  readonly silent: boolean;
  /** What all clients sent and received. */
  readonly transcript: readonly string[];
  /** The random names of users and rooms that the behaviour has chosen. */
  readonly names: readonly string[];
  /** What the server wrote to stdout and stderr, if we started it. */
  readonly output: string;
}

/** Starts a server, and first its broker, for one behaviour alone, and ends them afterwards. */
export async function holdAlone(
  behaviour: Behaviour,
  options: {
    step: number;
    patience: number;
    plenty?: number;
    start: StartOptions;
    /** Starts the server in place of `startServer`. */
    starter?: typeof startServer;
    /** Starts the broker of a log. The server gets its address in BROKER. */
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
    // A crashing server may write its error after its connections have ended.
    return { ...outcome, output: server.process.output() };
  } finally {
    await broker?.remove();
  }
}

/** Checks a running server against a behaviour. */
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
  const { transcript, names } = world;
  return { behaviour, unmet, silent: !world.heard, transcript, names, output };
}
