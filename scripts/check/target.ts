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

/**
 * The target that the options name; without options, the server on 127.0.0.1 port 42069.
 *
 * @throws {UsageError} When they name more than one target, or a file that cannot be run.
 */
export function targetOf({
  addr,
  cmd,
  file,
}: {
  addr?: string | undefined;
  cmd?: string | undefined;
  file?: string | undefined;
}): Target {
  if ([addr, cmd, file].filter((one) => one !== undefined).length > 1) {
    throw new UsageError(
      "Cannot use --addr, --cmd and a file together: is the server running, or not?",
    );
  }
  if (cmd !== undefined) {
    const start = { command: [cmd], shell: true, env: ENV };
    const watched = cmd.split(/["'\s]+/).find((word) => word !== "" && isFile(word));
    return { kind: "started", name: cmd, start, file: watched, words: `--cmd '${cmd}'` };
  }
  if (file !== undefined) {
    const start = { command: commandFor(file), group: true, env: ENV };
    return { kind: "started", name: file, start, file, words: file };
  }
  const { host, port } = parseAddress(addr ?? "127.0.0.1:42069");
  const words = addr === undefined ? "" : `--addr ${addr}`;
  return { kind: "running", name: `${host} port ${port}`, host, port, words };
}

function commandFor(file: string): readonly string[] {
  if (!existsSync(file))
    throw new UsageError(`Cannot check ${file}: there is no such file`);
  const runner = RUNNERS[extname(file)];
  if (runner) return [...runner(), file];
  const { mode } = statSync(file);
  if (statSync(file).isFile() && (mode & 0o111) !== 0) return [resolve(file)];
  const name = basename(file);
  throw new UsageError(
    `Cannot tell how to run ${name}. Name the command: just check 6 --cmd "… ${file}"`,
  );
}
