// Programs that are started together with all that they start, and that end with us.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { endWithUs } from "./watchdog.ts";

interface GroupOptions {
  /** Let a shell read the command (its first word is all of it). */
  shell?: boolean;
  /** A process group of its own; a shell always gets one. */
  group?: boolean;
  env?: Record<string, string>;
  cwd?: string;
}

/** A program, and what it starts. */
export class ProcessGroup {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Settles when all of it has ended, with the program's code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #leads: boolean;

  /** Starts it; its output is piped. */
  constructor(
    [file = "", ...args]: readonly string[],
    { shell = false, group = shell, env = {}, cwd = process.cwd() }: GroupOptions,
  ) {
    // Windows has no process groups.
    this.#leads = group && process.platform !== "win32";
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell,
      detached: this.#leads,
    });
    this.child = child;
    this.pid = child.pid ?? 0;
    running.add(this);
    const hasEnded = endWithUs(this.#leads ? -this.pid : this.pid);
    this.ended = new Promise((resolve) => {
      // "close" comes after "exit": when nobody who was started holds its output any more.
      child.on("close", (code, signal) => {
        running.delete(this);
        hasEnded();
        resolve(code ?? signal ?? 1);
      });
      child.on("error", () => {
        running.delete(this);
        resolve(127);
      });
    });
  }

  kill(signal: NodeJS.Signals): void {
    if (this.pid === 0 || !running.has(this)) return;
    if (process.platform === "win32") {
      spawnSync("taskkill", ["/pid", `${this.pid}`, "/t", "/f"]);
      return;
    }
    try {
      process.kill(this.#leads ? -this.pid : this.pid, signal);
    } catch {
      // It ended between the question and the signal.
    }
  }
}

const running = new Set<ProcessGroup>();
process.on("exit", () => {
  for (const group of running) group.kill("SIGKILL");
});

/**
 * Ends this process by the signals that end it anyway, but so that all groups end too: a
 * terminal sends Ctrl-C only to the group that is in front.
 *
 * @param code The exit code for SIGINT; for the others it is 128 and their number.
 */
export function exitOnSignals(code = 130): void {
  process.once("SIGINT", () => process.exit(code));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
