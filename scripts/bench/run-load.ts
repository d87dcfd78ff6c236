// Runs a load against a server that is started for it, on a core of its own.
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type Server, startServer } from "../../behaviours/server.ts";
import { startBroker } from "../machines/broker.ts";
import type { Target } from "./client.ts";
import { FILES, makeFile } from "./http/files.ts";
import type { Load } from "./load.ts";
import type { Answer, Order } from "./worker.ts";

/** A server to measure. */
export interface Subject {
  readonly name: string;
  /** Starts one; without it, it runs already. */
  readonly command?: readonly string[];
  readonly running?: Target & { pid: number };
  /**
   * Which kinds of loads it understands; to measure a file of your own, you must
   * know.
   */
  readonly talks?: readonly Load["kind"][];
  /** It reads a log at a broker, and gets one of its own each time. */
  readonly sharesLog?: boolean;
  /** What it is asked for over HTTP; `/` unless it says otherwise. */
  readonly path?: string;
  /** Whether it starts processes of its own, which have to end with it. */
  readonly group?: boolean;
}

const WORKER = new URL("./worker.ts", import.meta.url);

/** Whether a process can be pinned to a core. */
export const PINNED =
  availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

/** The command, to run on one core. */
function pinned(core: number, command: readonly string[]): string[] {
  return PINNED ? ["taskset", "-c", `${core}`, ...command] : [...command];
}

/** Runs a load once. A server that ends meanwhile, or a client that cannot join: an error. */
export async function runLoad(subject: Subject, load: Load, ms: number): Promise<Answer> {
  const { path = "/" } = subject;
  if (subject.running)
    return onOtherCore({ load, ms, path, ...subject.running, target: subject.running });
  // Users of a server that was killed stay in its log until another declares it dead: with one
  // broker for all that would fall into the next run.
  const broker = subject.sharesLog ? await startBroker() : undefined;
  let server: Required<Server>;
  try {
    if (load.kind === "file") makeFile(load.size);
    const files = load.kind === "file" ? { ROOT: FILES } : {};
    const where = broker && { BROKER: broker.address };
    server = await startSubject(subject, { ...files, ...where });
  } catch (error) {
    await broker?.remove();
    return { error: (error as Error).message };
  }
  const { host, port, process } = server;
  try {
    const ended = process.ended.then((code) => ({
      error: `the server ended with ${code}`,
    }));
    const order = { load, ms, path, pid: process.pid, target: { host, port } };
    return await Promise.race([onOtherCore(order), ended]);
  } finally {
    // What has started others ends them, and clears away what they leave.
    process.kill(subject.group ? "SIGTERM" : "SIGKILL");
    await process.ended;
    await broker?.remove();
  }
}

/** Starts a server on the core of servers. @throws {NotStarted} When it does not listen. */
export function startSubject(
  { command = [], group = false }: Subject,
  env: Record<string, string> = {},
): Promise<Required<Server>> {
  return startServer({ command: pinned(0, command), group, env });
}

function onOtherCore(order: Order): Promise<Answer> {
  const command = [process.execPath, "--import", "tsx", fileURLToPath(WORKER)];
  const [file = "", ...args] = pinned(1, command);
  const worker = spawn(file, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  worker.send(order);
  return new Promise((resolve) => {
    worker.on("message", (answer) => resolve(answer as Answer));
    worker.on("close", () => resolve({ error: "the bench's own process ended" }));
  });
}
