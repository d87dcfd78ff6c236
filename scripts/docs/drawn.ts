// Brings what is to be compared to `renderDiff`: two steps, a part of both, or two files.
import type { Step } from "../../behaviours/steps.ts";
import { diffCode, headingLines } from "../diff/code.ts";
import { filesOfStep } from "../diff/files.ts";
import { linesOf } from "../diff/line.ts";
import type { DrawnFile, Version } from "./diff-pen.ts";
import { DocsError, type Place } from "./error.ts";
import { tokensOfFile } from "./highlight.ts";
import { partOf, type Source } from "./source.ts";

/** All files of two steps, the help text included. */
export async function drawnSteps(before: Step, after: Step): Promise<DrawnFile[]> {
  const [old, now] = [filesOfStep(before), filesOfStep(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  const fileOf = ({ slug }: Step, name: string, text: string | undefined) =>
    text === undefined ? undefined : { path: `examples/${slug}/${name}`, text };
  return Promise.all(
    names.map((name) =>
      drawn(
        name,
        fileOf(before, name, old.get(name)),
        fileOf(after, name, now.get(name)),
      ),
    ),
  );
}

/** A file, or how it reads in another folder. */
interface Moved extends Source {
  /** Makes of a part of the file what it is there. */
  readonly move?: (text: string) => string;
}

/** Two versions of one file. */
export async function drawnSources(before: Moved, after: Source): Promise<DrawnFile[]> {
  return [await drawn(after.path.replace(/.*\//, ""), before, after)];
}

/**
 * One symbol of two versions of a file.
 *
 * @throws {DocsError} When neither version has it.
 */
export async function drawnSymbol(
  before: Moved,
  after: Source,
  symbol: string,
  place: Place,
): Promise<DrawnFile[]> {
  const now = partOf(after, symbol, place).numbers;
  const old = partOrNothing(before, symbol, place);
  return [await drawn(symbol, before, after, { before: old, after: now })];
}

type File = Pick<Moved, "path" | "text" | "move">;

/** Some lines of two versions of a file; without numbers, all of them. */
async function drawn(
  name: string,
  before: File | undefined,
  after: File | undefined,
  parts?: { readonly before: readonly number[]; readonly after: readonly number[] },
): Promise<DrawnFile> {
  const old = before && (await versionOf(before, parts?.before));
  const now = after && (await versionOf(after, parts?.after));
  return { diff: diffCode(name, old?.text, now?.text), before: old, after: now };
}

/** The marks of regions are no part of what a reader sees. */
async function versionOf(
  { path, text, move = (same) => same }: File,
  numbers: readonly number[] = linesOf(text, "hide").map((line) => line.number),
): Promise<Version> {
  const all = text.split("\n");
  const tokens = await tokensOfFile(path);
  const shown = numbers.map((number) => `${all[number - 1] ?? ""}\n`).join("");
  return {
    path,
    text: shown,
    heading: numbers[0] === 1 ? headingLines(shown) : 0,
    lines: numbers.map((number) => ({
      number,
      tokens: (tokens[number - 1] ?? []).map(({ text: part, kind }) => {
        return { text: move(part), kind };
      }),
    })),
  };
}

/** A symbol that is new has no old version. */
function partOrNothing(source: Source, symbol: string, place: Place): readonly number[] {
  try {
    return partOf(source, symbol, place).numbers;
  } catch (error) {
    if (error instanceof DocsError) return [];
    throw error;
  }
}
