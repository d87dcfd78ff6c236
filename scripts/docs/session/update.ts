// Writes into pages what their sessions and outputs really bring.
import { readFileSync, writeFileSync } from "node:fs";
import { structuredPatch } from "diff";
import { Failure, UsageError } from "../../cli.ts";
import { runOutput } from "../output/check-output.ts";
import { parseOutput } from "../output/parse-output.ts";
import { type Fence, fencesIn, replaceFences } from "./fences.ts";
import { formatEvent } from "./format.ts";
import { missingFor } from "./machines.ts";
import { Mismatch } from "./mismatch.ts";
import { parseSession } from "./parse-session.ts";
import { record } from "./record-session.ts";
import { replay } from "./replay.ts";
import type { Session, SessionEvent } from "./session-event.ts";
import type { StageOptions } from "./stage.ts";

/**
 * Replays the sessions of pages, runs their outputs, and rewrites those that differ.
 *
 * @param pages Paths of Markdown files, as they are to be named in messages.
 * @param options `tell` is given a line of what is done at a time, a diff for a change.
 * @returns The pages that were changed.
 * @throws {Failure} After all is done, when a session cannot be read, its server does not
 * start, or what was recorded of it does not hold when it is replayed; these stay as they
 * are.
 */
export async function updateSessions(
  pages: readonly string[],
  {
    tell = console.log,
    ...options
  }: StageOptions & { tell?: (line: string) => void } = {},
): Promise<string[]> {
  const changed: string[] = [];
  const failures: string[] = [];
  for (const file of pages) {
    const page = readFileSync(file, "utf8");
    const changes: { fence: Fence; text: string }[] = [];
    for (const fence of fencesIn(file, page)) {
      try {
        const text = await (fence.kind === "output"
          ? runOutput(parseOutput(fence))
          : played(fence, options));
        if (text === fence.text) {
          tell(`${file}:${fence.line}: as written`);
        } else {
          tell(`${file}:${fence.line}: changed\n${difference(fence.text, text)}`);
          changes.push({ fence, text });
        }
      } catch (error) {
        if (!(error instanceof Failure || error instanceof UsageError)) throw error;
        failures.push(error.message);
      }
    }
    if (changes.length === 0) continue;
    writeFileSync(file, replaceFences(page, changes));
    changed.push(file);
  }
  if (failures.length > 0) throw new Failure(failures.join("\n"));
  return changed;
}

async function played(fence: Fence, options: StageOptions): Promise<string> {
  const session = parseSession(fence);
  const missing = missingFor(session);
  if (missing !== undefined) throw new Failure(missing);
  try {
    await replay(session, { patience: 2_000, ...options });
    return fence.text;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
  }
  const text = write(session, await record(session, options), fence.text);
  await replay(parseSession({ ...fence, text }), options);
  return text;
}

/** The events as text, with the comments and empty lines of the text before. */
function write(
  { line }: Session,
  events: readonly SessionEvent[],
  before: string,
): string {
  const kept = before
    .split("\n")
    .slice(0, -1)
    .map((text, index) => ({ text, at: line + 1 + index }))
    .filter(({ text }) => text.trim() === "" || text.startsWith("#"));
  const lines = events.flatMap((event) => {
    const above = kept.splice(0, kept.filter(({ at }) => at < event.line).length);
    return [...above.map(({ text }) => text), formatEvent(event)];
  });
  return `${[...lines, ...kept.map(({ text }) => text)].join("\n")}\n`;
}

/** The lines that differ, with one above and below. */
function difference(before: string, after: string): string {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 1 });
  return hunks
    .map(({ lines }) => lines.map((line) => `  ${line}`).join("\n"))
    .join("\n   …\n");
}
