// What is checked: a running server, or one that the checker starts.
import { existsSync, statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import type { StartOptions } from "../../behaviours/server.ts";
import { parseAddress, UsageError } from "../cli.ts";
import { typeScriptFlags } from "../install.mjs";

export type Target = RunningTarget | StartedTarget;

interface RunningTarget {
  readonly kind: "running";
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The arguments that name it after `just check 6`. */
  readonly words: string;
}

interface StartedTarget {
  readonly kind: "started";
  readonly name: string;
  readonly start: StartOptions;
  /** The file or folder to watch for changes, if the command names one. */
  readonly file: string | undefined;
  readonly words: string;
}

/** Python buffers what it writes to a pipe, including the line that says where it listens. */
const ENV = { PYTHONUNBUFFERED: "1" };

/** The command that runs a file, by its extension. */
const RUNNERS: Readonly<Record<string, () => readonly string[]>> = {
  ".js": () => [process.execPath],
  ".mjs": () => [process.execPath],
  ".cjs": () => [process.execPath],
  ".ts": () => [process.execPath, ...typeScriptFlags()],
  ".mts": () => [process.execPath, ...typeScriptFlags()],
  ".py": () => [process.platform === "win32" ? "python" : "python3"],
  ".rb": () => ["ruby"],
  ".go": () => ["go", "run"],
  ".sh": () => ["sh"],
};

/** Whether an argument is a file and not a step: `mine.py`, `./step6`. */
export function isFile(word: string): boolean {
  return existsSync(word) && (/[./\\]/.test(word) || statSync(word).isFile());
}

/** Whether a word is a file, or looks like one that is missing. */
export function isPath(word: string): boolean {
  return isFile(word) || /\.\w+$|[/\\]/.test(word);
}

/**
 * The target that the options name; without options, the server on 127.0.0.1 port 42069.
 *
 * @param asked The step or the exercise, as typed, for the messages; empty without one.
 * @throws {UsageError} When they name more than one target, an empty command, or a file that
 * cannot be run.
 */
export function targetOf({
  addr,
  cmd,
  file,
  asked = "",
}: {
  addr?: string | undefined;
  cmd?: string | undefined;
  file?: string | undefined;
  asked?: string | undefined;
}): Target {
  if ([addr, cmd, file].filter((one) => one !== undefined).length > 1) {
    throw new UsageError(
      "Cannot use --addr, --cmd and a file together: is the server running, or not?",
    );
  }
  const call = ["just check", ...(asked ? [asked] : [])].join(" ");
  if (cmd !== undefined) {
    if (cmd.trim() === "") {
      throw new UsageError(
        `Cannot start "${cmd}": it is no command. Name one: ${call} --cmd "python3 mine.py"`,
      );
    }
    const start = { command: [cmd], shell: true, env: ENV };
    const watched = cmd.split(/["'\s]+/).find((word) => word !== "" && isFile(word));
    return { kind: "started", name: cmd, start, file: watched, words: `--cmd '${cmd}'` };
  }
  if (file !== undefined) {
    const start = { command: commandFor(file, call), group: true, env: ENV };
    return { kind: "started", name: file, start, file, words: file };
  }
  const { host, port } = parseAddress(addr ?? "127.0.0.1:42069");
  const words = addr === undefined ? "" : `--addr ${addr}`;
  return { kind: "running", name: `${host} port ${port}`, host, port, words };
}

function commandFor(file: string, call: string): readonly string[] {
  if (!existsSync(file))
    throw new UsageError(`Cannot check ${file}: there is no such file`);
  const runner = RUNNERS[extname(file)];
  if (runner) return [...runner(), file];
  const stats = statSync(file);
  if (stats.isFile() && (stats.mode & 0o111) !== 0) return [resolve(file)];
  const problem = `Cannot tell how to run ${basename(file)}`;
  const name = `ame the command: ${call} --cmd "… ${file}"`;
  throw new UsageError(
    stats.isFile() && extname(file) === "" && process.platform !== "win32"
      ? `${problem}: it is not executable. Run chmod +x ${file}, or n${name}`
      : `${problem}. N${name}`,
  );
}
