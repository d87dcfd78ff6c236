// A server that somebody else has started: whether it is there to be measured.
import { dial } from "../../behaviours/line-client.ts";
import { Failure, UsageError } from "../cli.ts";
import { refusalOf } from "../refusal.ts";
import type { Target } from "./client.ts";

/** How long a connection may take, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Checks the address and the process, once, before the first round.
 *
 * @throws {UsageError} When there is no such process.
 * @throws {Failure} When nothing takes a connection at the address.
 */
export async function expectRunning({
  host,
  port,
  pid,
}: Target & { pid: number }): Promise<void> {
  try {
    (await dial(host, port, PATIENCE_MS)).destroy();
  } catch (error) {
    const state = refusalOf(error as NodeJS.ErrnoException);
    throw new Failure(
      `Cannot connect to ${host}:${port}: ${state}. Start the server, then measure it`,
    );
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user exists too (EPERM).
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") return;
    throw new UsageError(
      `Cannot measure process ${pid}: there is no such process. Give --pid the server's`,
    );
  }
}
