// Starts a server as a process of its own, and ends it.
import { ProcessGroup } from "./process-group.ts";

/** A server to test: where it listens and, when we started it, its process. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly process?: ServerProcess;
}

/** The process of a server that we started. */
export interface ServerProcess {
  readonly pid: number;
  /** What it has written so far, to its output and to its error output. */
  readonly output: () => string;
  /** Settles when it has ended, with its code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  /** The program and its arguments. */
  command: readonly string[];
  /** Let a shell read the command (its first word is all of it). */
  shell?: boolean;
  /** Give it a process group of its own, for it may start others; a shell always gets one. */
  group?: boolean;
  env?: Record<string, string>;
  /** How long it may take until it listens, in milliseconds; else `START_PATIENCE`. */
  patience?: number;
  /** Called with all that it has written, whenever it has written more. */
  onOutput?: (output: string) => void;
  /** Stops waiting; the message of its reason says why. */
  signal?: AbortSignal | undefined;
}

/**
 * How long a server may take until it listens, in milliseconds: far more than it does on a busy
 * machine. Only what hangs waits so long.
 */
export const START_PATIENCE = 50_000;

/** A server that does not say that it listens. */
export class NotStarted extends Error {
  /** Why, after "Cannot start COMMAND: ". */
  readonly state: string;
  /** What it has written until then. */
  readonly output: string;

  constructor(command: string, state: string, output: string) {
    super(`Cannot start ${command}: ${state}\n${output}`);
    this.state = state;
    this.output = output;
  }
}

/**
 * Starts a server and waits for its line `listening on HOST:PORT`. PORT=0 lets it take
 * any free port, by PORT=0.
 *
 * @throws {NotStarted} When it ends, or the time is over, before it says so.
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
