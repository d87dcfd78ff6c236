// Traces the lines of a step's server back through the earlier steps.
//
//   18  room.leave(user);      the same line as in 17, wherever it moved
//   17  room.leave(user);      replaces a similar line of 16
//   16  room.leave(inbox);     the same line as in 12, where it first appears
import { PARTS, type Step } from "../../behaviours/steps.ts";
import { filesOfStep } from "../diff/files.ts";
import { linesOf } from "../diff/line.ts";
import { diffFile } from "../diff/model.ts";

/** The step in which a line first appears, and the line there. */
export interface Origin {
  readonly step: Step;
  /** Its number in that step's `server.ts`, from 1. */
  readonly line: number;
  /** Without its indentation. */
  readonly text: string;
  /** The origin of the line that it replaced, if it replaced one. */
  readonly before: Origin | undefined;
}

/** The origin of each line of a step's `server.ts`, by line number. Region marks have none. */
export function originsOf(step: Step): ReadonlyMap<number, Origin> {
  return cached(step, readOrigins);
}

/** The text of a step's `server.ts`. */
export function serverOf(step: Step): string {
  return filesOfStep(step).get("server.ts") ?? "";
}

/** The previous step in the same part of the book. */
export function before(step: Step): Step | undefined {
  const row = partOf(step);
  return row[row.indexOf(step) - 1];
}

function partOf(step: Step): readonly Step[] {
  return PARTS.find((steps) => steps.includes(step)) ?? [];
}

function readOrigins(step: Step): Map<number, Origin> {
  const now = linesOf(serverOf(step), "hide");
  const earlier = before(step);
  const origins = new Map<number, Origin>();
  const comes = (line: number, text: string, old?: Origin) =>
    origins.set(line, { step, line, text: text.trim(), before: old });
  if (!earlier) {
    for (const { number, text } of now) comes(number, text);
    return origins;
  }
  const old = originsOf(earlier);
  const rows = pairs(serverOf(earlier), serverOf(step));
  for (const { oldNumber, newNumber, text, same } of rows) {
    const origin = oldNumber === undefined ? undefined : old.get(oldNumber);
    if (same && origin) origins.set(newNumber, origin);
    else comes(newNumber, text, origin);
  }
  return origins;
}

interface Met {
  readonly oldNumber: number | undefined;
  readonly newNumber: number;
  readonly text: string;
  readonly same: boolean;
}

/** The lines of a version, each with its line in the previous version. */
function pairs(earlier: string, now: string): Met[] {
  const options = { context: Number.POSITIVE_INFINITY };
  // A line that was only indented is the same line.
  const { hunks } = diffFile("server.ts", unindented(earlier), unindented(now), options);
  if (hunks.length === 0) {
    const old = linesOf(earlier, "hide");
    return linesOf(now, "hide").map(({ number, text }, index) => {
      return { oldNumber: old[index]?.number, newNumber: number, text, same: true };
    });
  }
  return hunks
    .flatMap((hunk) => hunk.pairs)
    .flatMap(({ before, after, words }) => {
      if (after?.newNumber === undefined) return [];
      const same = after.kind === "same";
      const met = same || words ? before?.oldNumber : undefined;
      return [{ oldNumber: met, newNumber: after.newNumber, text: after.text, same }];
    });
}

function unindented(text: string): string {
  return text.replace(/^[^\S\n]+/gm, "");
}

const known = new Map<string, ReadonlyMap<number, Origin>>();

/** Caches each version, because the site asks for every line of every step. */
function cached(step: Step, read: (step: Step) => ReadonlyMap<number, Origin>) {
  const row = partOf(step);
  const key = row
    .slice(0, row.indexOf(step) + 1)
    .map(serverOf)
    .join("\0");
  const origins = known.get(key) ?? read(step);
  known.set(key, origins);
  return origins;
}
