// A real terminal for tests: tmux plays the person at the keyboard, and the screen.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { ROOT } from "../../behaviours/steps.ts";

/** Far more than anything takes: only what fails waits so long. */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;
/** Of the runner's own, not of a person: they would force colours, or forbid them. */
const LEFT_OUT = ["FORCE_COLOR", "NO_COLOR", "NODE_OPTIONS", "NODE_ENV", "TMUX", "ENV"];

let count = 0;

/** A terminal of 80 columns and 24 rows with a shell in it, in a tmux of its own. */
export class Terminal {
  readonly #socket: string;

  constructor(env: Record<string, string> = {}) {
    count += 1;
    this.#socket = `chat-test-${process.pid}-${count}`;
    const all: NodeJS.ProcessEnv = { ...process.env, LC_ALL: "C.UTF-8", PS1: "$ " };
    for (const name of LEFT_OUT) delete all[name];
    const session = ["new-session", "-d", "-x", "80", "-y", "24", "-c", ROOT, "sh"];
    this.#run(["-f", "/dev/null", ...session], { ...all, ...env });
  }

  end(): void {
    const socket = this.ask("socket_path");
    this.#run(["kill-server"]);
    // tmux leaves it behind.
    rmSync(socket, { force: true });
  }

  types(text: string): void {
    this.#run(["send-keys", "-l", text]);
  }

  /** Keys by their names: `Enter`, `C-c`, `PageUp`. */
  press(...keys: string[]): void {
    this.#run(["send-keys", ...keys]);
  }

  says(line: string): void {
    this.types(line);
    this.press("Enter");
  }

  /** Pastes: as a terminal does it for a program that knows, or as if it were typed. */
  pastes(text: string, { bracketed }: { bracketed: boolean }): void {
    this.#run(["set-buffer", text]);
    this.#run(["paste-buffer", ...(bracketed ? ["-p"] : [])]);
  }

  resize(columns: number, rows: number): void {
    this.#run(["resize-window", "-x", `${columns}`, "-y", `${rows}`]);
  }

  /** What is on the screen now. */
  screen({ escapes = false } = {}): string {
    return this.#run(["capture-pane", "-p", ...(escapes ? ["-e"] : [])]);
  }

  /** What tmux knows of the terminal: `alternate_on`, `cursor_flag`. */
  ask(name: string): string {
    return this.#run(["display-message", "-p", `#{${name}}`]).trim();
  }

  /** Waits until the screen shows it. @throws {Error} With the screen, when it does not. */
  async shows(what: RegExp | string): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const screen = this.screen();
      const found = typeof what === "string" ? screen.includes(what) : what.test(screen);
      if (found) return screen;
      if (performance.now() > deadline) {
        throw new Error(`Cannot see ${what}: the screen is\n${screen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #run(args: string[], env: NodeJS.ProcessEnv = process.env): string {
    const all = ["-L", this.#socket, "-u", ...args];
    return execFileSync("tmux", all, { encoding: "utf8", env });
  }
}
