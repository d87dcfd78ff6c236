// Starts the server of a step or of a rung, in its own process and on its own port.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

interface StepProcess {
  readonly port: number;
  readonly pid: number;
  /** Ends the server, and waits until it has exited. */
  stop(): Promise<void>;
}

/**
 * @param slug The step: `r3-epoll`; or a rung: `18-final/rungs/18g-flood`.
 * @param flags The server's command line.
 */
export async function startStep(
  slug: string,
  flags: readonly string[] = [],
): Promise<StepProcess> {
  const name = slug.includes("/rungs/") ? slug : `${slug}/server`;
  const file = fileURLToPath(new URL(`../../${name}.ts`, import.meta.url));
  const command = [...process.execArgv, file, ...flags];
  const server: ChildProcess = spawn(process.execPath, command, {
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
