// Starts the server of a step, in a process of its own and on a port of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

interface StepProcess {
  readonly port: number;
  readonly pid: number;
  /** Ends it. */
  stop(): Promise<void>;
}

/** @param slug The step: `r3-epoll`. */
export async function startStep(slug: string): Promise<StepProcess> {
  const file = fileURLToPath(new URL(`../../${slug}/server.ts`, import.meta.url));
  const server: ChildProcess = spawn(process.execPath, [...process.execArgv, file], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!server.stdout) throw new Error(`Cannot hear ${slug}`);
  const [text] = await once(server.stdout, "data");
  const stop = async () => {
    server.kill();
    await once(server, "close");
  };
  return { port: Number(/(\d+)\s*$/.exec(`${text}`)?.[1]), pid: server.pid ?? 0, stop };
}
