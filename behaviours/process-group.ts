// Child programs, together with the processes that they start. All of them end with us.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { endWithUs } from "./watchdog.ts";

interface GroupOptions {
  /** Whether a shell runs the command, all of which is in the first word. */
  shell?: boolean;
  /** Whether it gets its own process group; a shell always does. */
  group?: boolean;
  env?: Record<string, string>;
  cwd?: string;
}

/** A program, and the processes that it starts. */
export class ProcessGroup {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when all of it has ended, with the exit code of the program, or its signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #leads: boolean;

  /** Starts the program, with its output piped. */
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
      // "close" comes after "exit", once no process that was started holds the output open.
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
      // It ended between the check and the signal.
    }
  }
}

const running = new Set<ProcessGroup>();
process.on("exit", () => {
  for (const group of running) group.kill("SIGKILL");
});

/**
 * Makes the signals that end this process end all groups too. A terminal sends Ctrl-C only to
 * the foreground process group.
 *
 * @param code The exit code for SIGINT; for the others it is 128 plus the signal's number.
 */
export function exitOnSignals(code = 130): void {
  process.once("SIGINT", () => process.exit(code));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
