// r8 as the tests start it: in one of its styles.
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { type Server, startServer } from "../../../behaviours/server.ts";

export const STYLES = ["async", "generators", "futures"] as const;

/** Starts a step's server with these flags. The caller ends it. */
export function startStep(slug: string, ...args: string[]): Promise<Required<Server>> {
  const program = join(inject("built"), slug, "server.js");
  return startServer({ command: [process.execPath, program, ...args] });
}

/** Starts a step's server, which ends with the test. */
export async function withStep(
  slug: string,
  ...args: string[]
): Promise<Required<Server>> {
  const server = await startStep(slug, ...args);
  onTestFinished(() => end(server));
  return server;
}

export async function end(server: Required<Server>): Promise<void> {
  server.process.kill("SIGKILL");
  await server.process.ended;
}
