// A server under Wine: a process as any other, only that its output must go to a file.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, type FSWatcher, openSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import type { Server } from "../../behaviours/server.ts";
import type { Wine } from "../reactor/wine/wine.ts";

/** Milliseconds until it listens; on a busy machine a Node of Windows starts slowly. */
const PATIENCE = 60_000;
/** So often it is started again when Wine itself fails, which a busy machine can make it do. */
const ATTEMPTS = 3;
/** What Wine says then: a program of it has lost the connection to Wine's server. */
const WINE_FAILED = /^wine client error:/m;
let started = 0;

/**
 * Starts a program with PORT=0 and waits for its line `listening on HOST:PORT`. The sockets
 * of Wine are those of this system: clients need nothing special.
 *
 * @param program A file of JavaScript.
 * @param flags Its options.
 * @throws {Error} When it ends, or the time is over, before it says so.
 */
export async function startUnderWine(
  wine: Wine,
  program: string,
  flags: readonly string[] = [],
): Promise<Required<Server>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(wine, program, flags);
    } catch (error) {
      const { message } = error as Error;
      if (attempt === ATTEMPTS || !WINE_FAILED.test(message)) throw error;
      console.warn(`Wine has failed, and starts it again:\n${message}`);
    }
  }
}

async function startOnce(
  wine: Wine,
  program: string,
  flags: readonly string[],
): Promise<Required<Server>> {
  started += 1;
  const file = join(wine.folder, `server-${started}.txt`);
  const out = openSync(file, "w");
  const [command = "", ...args] = wine.command;
  const child = spawn(command, [...args, program, ...flags], {
    stdio: ["ignore", out, out],
    env: { ...wine.env, PORT: "0" },
    cwd: wine.folder,
  });
  closeSync(out);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? 1));
    child.on("error", () => resolve(127));
  });
  const output = () => readFileSync(file, "utf8");
  const port = await portOf(child, ended, file);
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  const server = { pid: child.pid ?? 0, output, ended, kill };
  return { host: "127.0.0.1", port, process: server };
}

async function portOf(
  child: ChildProcess,
  ended: Promise<number | NodeJS.Signals>,
  file: string,
): Promise<number> {
  const watcher: FSWatcher = watch(file);
  const late = once(AbortSignal.timeout(PATIENCE), "abort");
  try {
    for (;;) {
      // Before the look: what is written after it is news.
      const news = once(watcher, "change").then(() => undefined);
      const said = readFileSync(file, "utf8");
      const match = /listening on 127\.0\.0\.1:(\d+)\r?\n/.exec(said);
      if (match) return Number(match[1]);
      const end = await Promise.race([
        news,
        ended.then((code) => `it ended with ${code}`),
        late.then(() => `no "listening on HOST:PORT" in ${PATIENCE / 1000} s`),
      ]);
      if (end === undefined) continue;
      child.kill("SIGKILL");
      throw new Error(
        `Cannot start it under Wine: ${end}\n${readFileSync(file, "utf8")}`,
      );
    }
  } finally {
    watcher.close();
  }
}
