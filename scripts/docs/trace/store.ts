// The traces that are kept: `docs/traces/07-kinda-chat-1.jsonl` is that of the first session
// with a diagram in docs/07-kinda-chat.md.
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
 * The trace that was kept of a session.
 *
 * @throws {Failure} When there is none, or only of another session: it was changed since.
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

/** The sessions of a page that want a diagram, in order. */
export function drawnIn(file: string, page: string): Session[] {
  return fencesIn(file, page, ["session"])
    .map((fence) => parseSession(fence))
    .filter(({ diagram }) => diagram);
}

/**
 * Records again the traces of the sessions with a diagram in these pages. A file whose
 * run went as before stays as it is.
 *
 * @param pages Paths of Markdown files, as they are to be named in messages.
 * @param options `tell` is given a line for each file; `folder`, where they are kept.
 * @returns The files that were written or removed.
 * @throws {Failure} When a server does something else than a session says.
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

/** `docs/asides/select.md` is `asides-select`. */
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

/** The head, then an event a line, so that a change of one is a change of one line. */
function format({ events, ...head }: Trace): string {
  return [head, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
}
