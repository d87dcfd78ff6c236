// The stored traces: `docs/traces/07-kinda-chat-1.jsonl` belongs to the first session with
// a diagram in docs/07-kinda-chat.md.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ROOT } from "../../../behaviours/steps.ts";
import { Failure } from "../../cli.ts";
import { fencesIn } from "../session/fences.ts";
import { parseSession } from "../session/parse-session.ts";
import type { Session } from "../session/session-event.ts";
import type { StageOptions } from "../session/stage.ts";
import { actionsOf } from "./merge.ts";
import { recordTrace } from "./record-trace.ts";
import { structureOf } from "./structure.ts";
import type { Trace, TraceEvent } from "./trace-event.ts";

/** The folder of the traces. */
export const TRACES = join(ROOT, "docs/traces");

/**
 * The stored trace of a session.
 *
 * @throws {Failure} When there is none, or the session has changed since it was recorded.
 */
export function traceOf(session: Session, folder = TRACES): Trace {
  const actions = actionsOf(session);
  for (const file of filesOf(session.file, folder)) {
    const trace = readTrace(file);
    if (trace.server === session.server && isDeepStrictEqual(trace.actions, actions)) {
      return trace;
    }
  }
  const { file, line } = session;
  throw new Failure(
    `${file}:${line}: Cannot draw the session: ${relative(ROOT, folder)} has no trace of ` +
      "it as it stands; `just docs update` records one",
  );
}

export function readTrace(file: string): Trace {
  const [head, ...events] = readFileSync(file, "utf8").trimEnd().split("\n");
  return {
    ...(JSON.parse(head ?? "") as Omit<Trace, "events">),
    events: events.map((line) => JSON.parse(line) as TraceEvent),
  };
}

/** The sessions of a page that have a diagram, in order. */
export function drawnIn(file: string, page: string): Session[] {
  return fencesIn(file, page, ["session"])
    .map((fence) => parseSession(fence))
    .filter(({ diagram }) => diagram);
}

/**
 * Records the traces of all sessions with a diagram in the given pages. A file whose run
 * was the same as before is left alone.
 *
 * @param pages Paths of Markdown files, as messages should name them.
 * @param options `tell` gets a line for each file; `folder` is where the traces are stored.
 * @returns The files that were written or removed.
 * @throws {Failure} When a server behaves differently from a session.
 */
export async function updateTraces(
  pages: readonly string[],
  {
    tell = console.log,
    folder = TRACES,
    ...options
  }: StageOptions & { tell?: (line: string) => void; folder?: string } = {},
): Promise<string[]> {
  const changed: string[] = [];
  for (const page of pages) {
    const stale = new Set(filesOf(page, folder));
    for (const [index, session] of drawnIn(page, readFileSync(page, "utf8")).entries()) {
      const file = join(folder, `${nameOf(page)}-${index + 1}.jsonl`);
      const trace = await recordTrace(session, options);
      const before = stale.delete(file) ? readTrace(file) : undefined;
      const where = `${page}:${session.line}`;
      if (before && isDeepStrictEqual(structureOf(before), structureOf(trace))) {
        tell(`${where}: went as in ${relative(ROOT, file)}`);
        continue;
      }
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, format(trace));
      tell(`${where}: wrote ${relative(ROOT, file)}`);
      changed.push(file);
    }
    for (const file of stale) {
      rmSync(file);
      tell(`${page}: removed ${relative(ROOT, file)}, which it no longer needs`);
      changed.push(file);
    }
  }
  return changed;
}

/** `docs/asides/select.md` becomes `asides-select`. */
function nameOf(page: string): string {
  return page
    .replace(/^.*\bdocs\//, "")
    .replace(/\.md$/, "")
    .replaceAll("/", "-");
}

function filesOf(page: string, folder: string): string[] {
  const name = nameOf(page);
  let files: string[] = [];
  try {
    files = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return files
    .filter(
      (file) => /^-\d+\.jsonl$/.test(file.slice(name.length)) && file.startsWith(name),
    )
    .sort()
    .map((file) => join(folder, basename(file)));
}

/** The head, then one event per line, so that diffs are small. */
function format({ events, ...head }: Trace): string {
  return [head, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
}
