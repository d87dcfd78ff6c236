// Starts a server as a process of its own, and ends it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

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
  env?: Record<string, string>;
  /** How long it may take until it listens, in milliseconds. */
  patience?: number;
}

/**
 * Starts a server and waits for its line `listening on HOST:PORT`. PORT=0 lets it take
 * any free port, by PORT=0.
 *
 * @throws {Error} When it ends, or the time is over, before it says so.
 */
export async function startServer(options: StartOptions): Promise<Required<Server>> {
  const { command, shell = false, env = {}, patience = 20_000 } = options;
  const [file = "", ...args] = command;
  // A group of its own: what a shell starts is ended with it.
  const detached = shell && process.platform !== "win32";
  const child = spawn(file, args, {
    env: { ...process.env, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    shell,
    detached,
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? 1));
    child.on("error", () => resolve(127));
  });
  let output = "";
  const heard = (text: Buffer) => {
    output += text;
  };
  child.stdout.on("data", heard);
  child.stderr.on("data", heard);
  const kill = (signal: NodeJS.Signals) => killProcess(child, signal, detached);

  const signal = AbortSignal.timeout(patience);
  const silent = once(signal, "abort");
  for (;;) {
    const match = /listening on (?:\[([^\]]+)\]|([^\s:]+)):(\d+)/i.exec(output);
    if (match) {
      const host = match[1] ?? match[2] ?? "127.0.0.1";
      const server = { pid: child.pid ?? 0, output: () => output, ended, kill };
      return { host, port: Number(match[3]), process: server };
    }
    const news = await Promise.race([
      once(child.stdout, "data").then(() => undefined),
      ended.then((code) => `it ended with ${code}`),
      silent.then(() => `no "listening on HOST:PORT" in ${patience / 1000} s`),
    ]);
    if (news === undefined) continue;
    kill("SIGKILL");
    await ended;
    throw new Error(`Cannot start ${command.join(" ")}: ${news}\n${output}`);
  }
}

function killProcess(child: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode) return;
  if (process.platform === "win32") {
    // There is no process group there to end what a shell has started.
    spawnSync("taskkill", ["/pid", `${child.pid}`, "/t", "/f"]);
    return;
  }
  try {
    process.kill(group ? -child.pid : child.pid, signal);
  } catch {
    // It ended between the question and the signal.
  }
}
