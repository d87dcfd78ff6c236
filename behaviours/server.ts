// Starts a server in its own process, and ends it.
import { ProcessGroup } from "./process-group.ts";

/** A server to test: its address and, if we started it, its process. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly process?: ServerProcess;
}

/** The process of a server that we started. */
export interface ServerProcess {
  readonly pid: number;
  /** What it has written so far to stdout and stderr. */
  readonly output: () => string;
  /** Resolves when it has ended, with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  /** The program and its arguments. */
  command: readonly string[];
  /** Whether a shell runs the command, all of which is in the first word. */
  shell?: boolean;
  /** Whether it gets its own process group, as it may start processes; a shell always does. */
  group?: boolean;
  env?: Record<string, string>;
  /** How long it may take until it listens, in milliseconds; `START_PATIENCE` by default. */
  patience?: number;
  /** Called with its whole output so far, whenever it has written more. */
  onOutput?: (output: string) => void;
  /** Stops the wait. The message of its reason becomes the state of `NotStarted`. */
  signal?: AbortSignal | undefined;
}

/**
 * How long a server may take until it listens, in milliseconds: far more than it needs on a busy
 * machine. Only a server that hangs takes this long.
 */
export const START_PATIENCE = 50_000;

/** A server that has not printed that it listens. */
export class NotStarted extends Error {
  /** Why, after "Cannot start COMMAND: ". */
  readonly state: string;
  /** What it had written by then. */
  readonly output: string;

  constructor(command: string, state: string, output: string) {
    super(`Cannot start ${command}: ${state}\n${output}`);
    this.state = state;
    this.output = output;
  }
}

/**
 * Starts a server and waits for its line `listening on HOST:PORT`. PORT=0 in its environment lets
 * it take any free port.
 *
 * @throws {NotStarted} When it ends, or the time is over, before it prints the line.
 */
export async function startServer(options: StartOptions): Promise<Required<Server>> {
  const { command, env = {}, patience = START_PATIENCE, signal } = options;
  const group = new ProcessGroup(command, { ...options, env: { PORT: "0", ...env } });
  const { child, pid, ended } = group;
  const kill = (name: NodeJS.Signals) => group.kill(name);
  let output = "";
  let state: string | undefined;
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => {
      output += text;
      options.onOutput?.(output);
      wake();
    });
  }
  const fail = (news: string) => {
    state ??= news;
    wake();
  };
  void ended.then((code) => fail(`it ended with ${code}`));
  const stop = () => fail(`${signal?.reason?.message}`);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  const timer = setTimeout(
    () => fail(`no "listening on HOST:PORT" in ${patience / 1000} s`),
    patience,
  );
  try {
    for (;;) {
      const match = /listening on (?:\[([^\]]+)\]|([^\s:]+)):(\d+)/i.exec(output);
      if (match) {
        const host = match[1] ?? match[2] ?? "127.0.0.1";
        const process = { pid, output: () => output, ended, kill };
        return { host, port: Number(match[3]), process };
      }
      if (state !== undefined) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
  kill("SIGKILL");
  await ended;
  throw new NotStarted(command.join(" "), state, output);
}
