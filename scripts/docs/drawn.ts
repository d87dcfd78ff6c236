// Brings what is to be compared to `renderDiff`: two steps, a part of both, or two files.

import type { Step } from "../../behaviours/steps.ts";
import { filesOfStep } from "../diff/files.ts";
import { diffFile } from "../diff/model.ts";
import type { DrawnFile } from "./diff-html.ts";
import { DocsError, type Place } from "./error.ts";
import { type Token, tokensOfFile } from "./highlight.ts";
import { partOf, type Source } from "./source.ts";

/** All files of two steps, the help text included. */
export async function drawnSteps(before: Step, after: Step): Promise<DrawnFile[]> {
  const [old, now] = [filesOfStep(before), filesOfStep(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return Promise.all(
    names.map(async (name) => ({
      diff: diffFile(name, old.get(name), now.get(name)),
      before: old.has(name) ? await tokensOfFile(`examples/${before.slug}/${name}`) : [],
      after: now.has(name) ? await tokensOfFile(`examples/${after.slug}/${name}`) : [],
      text: now.get(name) ?? "",
    })),
  );
}

/** Two versions of one file. */
export async function drawnSources(before: Source, after: Source): Promise<DrawnFile[]> {
  const name = after.path.replace(/.*\//, "");
  return [
    {
      diff: diffFile(name, before.text, after.text),
      before: await tokensOfFile(before.path),
      after: await tokensOfFile(after.path),
      text: after.text,
    },
  ];
}

/**
 * One symbol of two versions of a file.
 *
 * @throws {DocsError} When neither version has it.
 */
export async function drawnSymbol(
  before: Source,
  after: Source,
  symbol: string,
  place: Place,
): Promise<DrawnFile[]> {
  const now = partOf(after, symbol, place);
  const old = partOrNothing(before, symbol, place);
  const [tokensBefore, tokensAfter] = [
    await tokensOfFile(before.path),
    await tokensOfFile(after.path),
  ];
  const cut = (text: string, numbers: readonly number[]) => {
    const lines = text.split("\n");
    return numbers.map((number) => `${lines[number - 1] ?? ""}\n`).join("");
  };
  const pick = (tokens: readonly (readonly Token[])[], numbers: readonly number[]) =>
    numbers.map((number) => tokens[number - 1] ?? []);
  return [
    {
      diff: diffFile(symbol, cut(before.text, old), cut(after.text, now.numbers)),
      before: pick(tokensBefore, old),
      after: pick(tokensAfter, now.numbers),
      text: cut(after.text, now.numbers),
      numbers: { before: old, after: now.numbers },
    },
  ];
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
