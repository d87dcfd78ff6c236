// just check m2 mine.ts: two of the reader's servers behind one address, with a log at a broker.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../cli.ts";
import { typeScriptFlags } from "../install.mjs";
import { findNats, NO_NATS } from "../machines/broker.ts";
import type { Target } from "./target.ts";

const MANY = fileURLToPath(new URL("../machines/many.ts", import.meta.url));

/**
 * Makes a target that starts two servers. Successive clients alternate between them.
 *
 * @returns A running target unchanged: it has the log that it was started with.
 * @throws {Failure} When there is no nats-server.
 */
export function asPair(target: Target): Target {
  if (target.kind === "running") return target;
  if (findNats() === undefined) throw new Failure(NO_NATS);
  const { command, shell, env } = target.start;
  const words = shell ? ["sh", "-c", ...command] : command;
  // A killed broker leaves its stored data behind.
  const folder = mkdtempSync(join(tmpdir(), "check-pair-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const start = {
    command: [process.execPath, ...typeScriptFlags(), MANY, "2", ...words],
    group: true,
    env: { ...env, TMPDIR: folder },
  };
  return { ...target, name: `two of ${target.name}`, start };
}
