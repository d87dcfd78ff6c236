// Runs a load against a server that it starts, each on its own core.
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type Server, startServer } from "../../behaviours/server.ts";
import { startBroker } from "../machines/broker.ts";
import { saidBy, started } from "../server-error.ts";
import type { Target } from "./client.ts";
import { FILES, makeFile } from "./http/files.ts";
import type { Load } from "./load.ts";
import type { Answer, Order } from "./worker.ts";

/** A server to measure. */
export interface Subject {
  readonly name: string;
  /** The command that starts it. Undefined when it is already running. */
  readonly command?: readonly string[];
  readonly running?: Target & { pid: number };
  /** The kinds of loads that it understands. Undefined for a file of the user's: unknown. */
  readonly talks?: readonly Load["kind"][];
  /** Whether it reads a log at a broker. It then gets its own broker for each run. */
  readonly sharesLog?: boolean;
  /** The path that is requested from it over HTTP. `/` when undefined. */
  readonly path?: string;
  /** Whether it starts processes of its own, which must end with it. */
  readonly group?: boolean;
}

const WORKER = new URL("./worker.ts", import.meta.url);

/** Whether a process can be pinned to a core. */
export const PINNED =
  availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

/** The command that runs this one on one core. */
function pinned(core: number, command: readonly string[]): string[] {
  return PINNED ? ["taskset", "-c", `${core}`, ...command] : [...command];
}

/** Runs a load once. Resolves with an error when the server ends or a client cannot join. */
export async function runLoad(subject: Subject, load: Load, ms: number): Promise<Answer> {
  const { path = "/" } = subject;
  if (subject.running)
    return onOtherCore({ load, ms, path, ...subject.running, target: subject.running });
  // The users of a killed server stay in its log until another server declares it dead. With a
  // shared broker, that would happen during the next run.
  const broker = subject.sharesLog ? await startBroker() : undefined;
  let server: Required<Server>;
  try {
    if (load.kind === "file") makeFile(load.size);
    const files = load.kind === "file" ? { ROOT: FILES } : {};
    const where = broker && { BROKER: broker.address };
    server = await startSubject(subject, { ...files, ...where });
  } catch (error) {
    await broker?.remove();
    return { error: (error as Error).message, notStarted: true };
  }
  const { host, port, process } = server;
  try {
    const ended = process.ended.then((code) => ({
      error: `the server ended with ${code}${saidBy(process.output())}`,
    }));
    const order = { load, ms, path, pid: process.pid, target: { host, port } };
    return await Promise.race([onOtherCore(order), ended]);
  } finally {
    // A server that has started processes ends them, and cleans up after them.
    process.kill(subject.group ? "SIGTERM" : "SIGKILL");
    await process.ended;
    await broker?.remove();
  }
}

/** Starts a server on the core for servers. @throws {Failure} When it does not listen. */
export function startSubject(
  { name, command = [], group = false }: Subject,
  env: Record<string, string> = {},
): Promise<Required<Server>> {
  return started(name, startServer({ command: pinned(0, command), group, env }));
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
