// Runs a command of the repository as a person would, and collects what it says.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { ROOT } from "../behaviours/steps.ts";

export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

interface Where {
  /** The folder in which it is called. */
  readonly cwd?: string;
}

/** Those that still run. */
const running = new Set<Command>();

/** Ends what still runs when a test has failed. */
export async function endCommands(): Promise<void> {
  for (const command of running) await command.end();
}

/** What starts a command: without tsx and what looks for missing packages, where it is built. */
function startOf([name = "", ...args]: readonly string[]): string[] {
  const built = join(inject("commands") ?? "", `${name}.js`);
  return /^[a-z]+$/.test(name) && existsSync(built)
    ? [built, ...args]
    : [join(ROOT, "scripts/run.mjs"), name, ...args];
}

/** A command that runs. */
export class Command {
  readonly ended: Promise<Ended>;
  readonly #child: ReturnType<typeof spawn>;
  #stdout = "";
  #stderr = "";
  /** Of each `prints` that waits. */
  readonly #waiting = new Set<() => void>();

  /** @param args The command's name and its arguments, as after `just`. */
  constructor(
    args: readonly string[],
    env: Record<string, string> = {},
    { cwd }: Where = {},
  ) {
    const child = spawn(process.execPath, startOf(args), {
      cwd,
      env: { ...process.env, ...env },
      stdio: "pipe",
    });
    child.stdout.on("data", (text: Buffer) => {
      this.#stdout += text;
      this.#wakeAll();
    });
    child.stderr.on("data", (text: Buffer) => {
      this.#stderr += text;
      this.#wakeAll();
    });
    this.#child = child;
    running.add(this);
    this.ended = once(child, "close").then(([code, signal]) => {
      running.delete(this);
      return { code: code ?? signal, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  /** Waits until its output matches. @throws {Error} When it ends before. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match) return match;
      const news = new Promise<null>((resolve) => {
        this.#waiting.add(() => resolve(null));
      });
      const ended = await Promise.race([this.ended, news]);
      if (ended === null) continue;
      if (pattern.test(ended.stdout) || pattern.test(ended.stderr)) continue;
      throw new Error(`ended with ${ended.code}: ${ended.stdout}${ended.stderr}`);
    }
  }

  types(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Ctrl-D. */
  typesEnd(): void {
    this.#child.stdin?.end();
  }

  /** Ends it by a signal and waits. Windows has no signals: there it is ended by force. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    if (process.platform === "win32") {
      spawnSync("taskkill", ["/pid", `${this.#child.pid}`, "/t", "/f"]);
      return { ...(await this.ended), code: 0 };
    }
    this.#child.kill(signal);
    return this.ended;
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Runs a command to its end. */
export function runCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  where: Where = {},
): Promise<Ended> {
  return new Command(args, env, where).ended;
}
