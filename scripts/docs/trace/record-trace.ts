// Records a trace: the run of a session, seen from both sides.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../cli.ts";
import { findHost } from "../session/host.ts";
import { replay } from "../session/replay.ts";
import type { Session } from "../session/session-event.ts";
import type { StageOptions } from "../session/stage.ts";
import { Clients } from "./clients.ts";
import { mergeSides } from "./merge.ts";
import { readRawEvents, tracer } from "./raw-events.ts";
import type { Trace } from "./trace-event.ts";

/**
 * Replays a session and traces it on both sides.
 *
 * @throws {Mismatch} When the server behaves differently from the session.
 * @throws {UsageError | Failure} When there is no such server, it does not start, or it does
 * not serve through `node:net`.
 */
export async function recordTrace(
  session: Session,
  options: StageOptions = {},
): Promise<Trace> {
  const folder = mkdtempSync(join(tmpdir(), "trace-"));
  const file = join(folder, "server.jsonl");
  const clients = new Clients(() => readRawEvents(file));
  try {
    const imports = [...(options.imports ?? []), tracer(file)];
    await replay(session, { ...options, imports, watcher: clients });
    const raw = readRawEvents(file);
    if (!raw.some(({ kind }) => kind === "listens")) {
      throw new Failure(
        `${session.file}:${session.line}: Cannot trace ${session.server}: it does not ` +
          "serve through node:net, where its connections are watched",
      );
    }
    const { probe } = findHost(session.server);
    const help = probe.kind === "help" ? probe.answer : "";
    return mergeSides(session, clients, raw, help);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
