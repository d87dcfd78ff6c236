// What the user asks about: a line of a step, or a name in it.
import { ALL_STEPS, type Step } from "../../behaviours/steps.ts";
import { either, NotFound, UsageError } from "../cli.ts";
import { linesOf } from "../diff/line.ts";
import { symbolsOf } from "../docs/symbols.ts";
import { findStep } from "../find-step.ts";
import { before, originsOf, serverOf } from "./origin.ts";

export interface Target {
  readonly step: Step;
  /** Its name in the output: `line 212`, `Room.join`. */
  readonly name: string;
  /** The step in which it first appears, and its lines there. */
  readonly came: { readonly step: Step; readonly lines: readonly number[] };
  /** Its lines in the step that the user asked about. */
  readonly lines: readonly number[];
  /** The later steps that have changed it. */
  readonly changed: readonly Step[];
}

/**
 * Parses `18:212`, `13:join` or `examples/18-final/server.ts:212:7`.
 *
 * @throws {UsageError} When it is none of these, or more than one name. @throws {NotFound} When
 * the step has no such line or name.
 */
export function findTarget(text: string): Target {
  const server = text.replace(/^.*?([^/\\]+)[/\\]server\.ts:/, "$1:");
  const [, path, rest = ""] = /^([^:/\\]+):(.+)$/.exec(server) ?? [];
  if (path === undefined) {
    throw new UsageError(
      `Cannot explain "${text}": name a step and a line, such as 18:212`,
    );
  }
  const step = findStep(path, ALL_STEPS);
  // A stack trace has the column after the line.
  const line = /^(-?\d+)(?::\d+)?$/.exec(rest)?.[1];
  return line === undefined
    ? nameIn(step, rest)
    : lineIn(step, telling(step, Number(line)));
}

function lineIn(step: Step, number: number): Target {
  const origin = originsOf(step).get(number);
  if (!origin) {
    const count = linesOf(serverOf(step), "keep").length;
    const state =
      number < 1 || number > count ? `it has ${count} lines` : "it is a region mark";
    throw new UsageError(`Cannot explain line ${number} of ${step.slug}: ${state}`);
  }
  const came = { step: origin.step, lines: [origin.line] };
  return { step, name: `line ${number}`, came, lines: [number], changed: [] };
}

/**
 * The line to explain: for a closing bracket the line that opens it, for an empty line the next,
 * for a comment the line that it is about. The comment that begins the file stands for itself.
 */
function telling(step: Step, number: number): number {
  const text = serverOf(step).split("\n");
  const isComment = (line: string) =>
    /^\s*(\/\/(?! #(end)?region)|\/?\*+([\s/]|$))/.test(line);
  const has = (line: number) => {
    const one = text[line - 1] ?? "";
    return /[\p{L}\p{N}]/u.test(one) && !isComment(one);
  };
  const margin = (line: number) => (text[line - 1] ?? "").search(/\S/);
  if (has(number) || text.slice(0, number).every(isComment)) return number;
  const closes = margin(number) >= 0 && !isComment(text[number - 1] ?? "");
  const way = closes ? -1 : 1;
  for (let line = number; line >= 1 && line <= text.length; line += way) {
    if (has(line) && (!closes || margin(line) === margin(number))) return line;
  }
  return number;
}

function nameIn(step: Step, text: string): Target {
  const symbols = symbolsOf(serverOf(step));
  const short = (name: string) => name.replace(/^.*[.#]/, "");
  const bare = text.replace(/^#/, "");
  const found = symbols.has(text)
    ? [text]
    : [...symbols.keys()].filter((name) => !name.startsWith("#") && short(name) === bare);
  const [name] = found;
  if (name === undefined) return wordIn(step, text, [...symbols.keys()]);
  if (found.length > 1) {
    throw new UsageError(
      `Cannot explain ${step.slug}:${text}: it could be ${either(found)}`,
    );
  }
  const changed: Step[] = [];
  let first = step;
  for (let one: Step | undefined = before(step); one; one = before(one)) {
    const lines = linesOfName(one, name);
    if (lines === undefined) break;
    if (bodyOf(one, lines) !== bodyOf(first, linesOfName(first, name) ?? [])) {
      changed.unshift(first);
    }
    first = one;
  }
  const came = { step: first, lines: linesOfName(first, name) ?? [] };
  return { step, name, came, lines: linesOfName(step, name) ?? [], changed };
}

/** For a name that is not a declaration: the oldest line that contains it. */
function wordIn(step: Step, text: string, symbols: readonly string[]): Target {
  const lines = linesOf(serverOf(step), "hide").filter(({ text: line }) =>
    ` ${line} `.split(/[^\p{L}\p{N}_$/-]+/u).includes(text),
  );
  const order = (one: Step) => ALL_STEPS.indexOf(one);
  const [oldest] = lines
    .flatMap(({ number }) => {
      const origin = originsOf(step).get(number);
      return origin ? [{ number, origin }] : [];
    })
    .sort((a, b) => order(a.origin.step) - order(b.origin.step));
  if (!oldest) {
    const problem = `Cannot explain ${step.slug}:${text}: there is no such name in its server.ts`;
    const all = `examples/${step.slug}/server.ts`;
    throw new NotFound(
      problem,
      text,
      symbols.map((name) => name.replace(/^.*[.#]/, "")),
      all,
    );
  }
  return { ...lineIn(step, oldest.number), name: text };
}

function linesOfName(step: Step, name: string): number[] | undefined {
  const span = symbolsOf(serverOf(step)).get(name);
  if (!span) return undefined;
  const [start, end] = span;
  return Array.from({ length: end - start }, (_, index) => start + 1 + index);
}

function bodyOf(step: Step, lines: readonly number[]): string {
  const text = serverOf(step).split("\n");
  return lines.map((line) => text[line - 1]?.trim()).join("\n");
}
