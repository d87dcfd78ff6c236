// Checks one server against one behaviour.
import type { Behaviour } from "./behaviour.ts";
import type { LogBroker } from "./broker.ts";
import { Unmet } from "./client.ts";
import { type ServerProcess, type StartOptions, startServer } from "./server.ts";
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
  /**
   * What the server wrote to stdout and stderr, if we started it. When it fails although it keeps
   * its connections, without what it said about their end, which is our doing.
   */
  readonly output: string;
  /** How the server ended, if it did before its clients left: its exit code, or the signal. */
  readonly ended?: number | NodeJS.Signals | undefined;
}

/** How long a server that cuts a connection may take to end, too: a part of the patience. */
const ENDING = 1 / 4;
/** The same in milliseconds, at most. */
const ENDING_MS = 5_000;

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
    if (outcome.unmet?.isCut === false) return outcome;
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
  const { process } = options.server;
  const world = new World(options);
  let unmet: Unmet | undefined;
  let ended: Outcome["ended"];
  let output = "";
  try {
    await behaviour.run(world);
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    unmet = error;
    const ending = unmet.isCut ? Math.min(ENDING * options.patience, ENDING_MS) : 0;
    if (process) ended = await endOf(process, ending);
  } finally {
    output = process?.output() ?? "";
    world.close();
    await world.end();
  }
  const { transcript, names } = world;
  return { behaviour, unmet, silent: !world.heard, transcript, names, output, ended };
}

/** How the process has ended; undefined when it has not within this many milliseconds. */
async function endOf(
  { ended }: ServerProcess,
  patience: number,
): Promise<Outcome["ended"]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patience, undefined);
  });
  const end = await Promise.race([ended, late]);
  clearTimeout(timer);
  return end;
}
