// A directive: a paragraph that is one link, whose title says what stands in its place.
//
//   [handleUser](../examples/08-chat/server.ts "code: handleUser")
//
// Unrendered it is a link to what it shows.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PARTS, ROOT, STEPS, type Step } from "../../behaviours/steps.ts";
import { UsageError } from "../cli.ts";
import { oneFolderDown, oneFolderUp } from "../diff/files.ts";
import { findStep } from "../find-step.ts";
import { renderBars } from "./bench-bars.ts";
import { renderDiff } from "./diff-html.ts";
import type { DrawnFile } from "./diff-pen.ts";
import { drawnSources, drawnSteps, drawnSymbol } from "./drawn.ts";
import { DocsError, nearestOf, type Place } from "./error.ts";
import { renderFigure } from "./figure.ts";
import { html } from "./html.ts";
import { renderListing, type Setting } from "./listing.ts";
import { renderTable } from "./page-tables.ts";
import { partOf, type Source, sourceAt } from "./source.ts";

export interface Directive {
  readonly place: Place;
  /** The link's own words. */
  readonly text: string;
  readonly href: string;
  /** `code plain: Names, rooms`. */
  readonly title: string;
}

/** A longer file is shown in parts: nobody reads a whole one in a page. */
const WHOLE_FILE_LINES = 40;
const KINDS = ["code", "code plain", "bars", "diff", "figure", "table"];

/**
 * What stands in the place of a directive, as HTML.
 *
 * @throws {DocsError} When it cannot be resolved: an unknown directive, step, symbol,
 * region or file, or a diff without a difference.
 */
export async function renderDirective(
  directive: Directive,
  setting: Setting,
): Promise<string> {
  const { place, title, href } = directive;
  const [kind = "", argument = ""] = title.split(/:\s*(.*)/s);
  switch (kind.trim()) {
    case "code":
      return code(sourceAt(href, place), argument, false, place, setting);
    case "code plain":
      return code(sourceAt(href, place), argument, true, place, setting);
    case "bars":
      return renderBars(sourceAt(href, place), argument, place);
    case "diff":
      return diff(sourceAt(href, place), argument, place, setting);
    case "figure":
      return renderFigure(sourceAt(href, place), argument, place, setting);
    case "table":
      return renderTable(sourceAt(href, place), argument, place, setting);
    default: {
      const near = nearestOf(kind, KINDS);
      throw new DocsError(place, `Cannot show "${title}": it begins with no ${near}`);
    }
  }
}

function code(
  source: Source,
  argument: string,
  plain: boolean,
  place: Place,
  setting: Setting,
): Promise<string> {
  const symbols = argument.split(",").flatMap((word) => word.trim() || []);
  if (symbols.length > 0) {
    const parts = symbols.map((symbol) => partOf(source, symbol, place));
    return renderListing(parts, setting, plain);
  }
  const part = partOf(source, undefined, place);
  const body = part.numbers.slice(headOf(source.text));
  if (body.length >= WHOLE_FILE_LINES) {
    throw new DocsError(
      place,
      `Cannot show all of ${source.path}: ${body.length} lines, fewer than ${WHOLE_FILE_LINES} are shown whole`,
    );
  }
  return renderListing([part], setting, plain);
}

/** How many lines of comment a file begins with. */
function headOf(text: string): number {
  return text.split("\n").findIndex((line) => !line.startsWith("//"));
}

async function diff(
  source: Source,
  argument: string,
  place: Place,
  { anchor, page }: Setting,
): Promise<string> {
  const [first = "", ...words] = argument.split(/\s+/);
  const before = /^\d\d[a-z]$/.test(first)
    ? rungBeside(source, first, place)
    : stepOf(first, place);
  // A step is named by its number here: other words are symbols.
  const isStep = /^(?:\d{1,2}|[rm]\d)$/.test(words[0] ?? "");
  const after = isStep ? stepOf(words[0] ?? "", place) : undefined;
  const symbol = words[after ? 1 : 0];
  if (after && source.path !== `examples/${after.slug}/server.ts`) {
    throw new DocsError(
      place,
      `Cannot show the diff to ${after.slug}: the link leads to ${source.path}`,
    );
  }
  const beside = "path" in before ? before : serverOf(before);
  const below = /^examples\/[^/]+\/(exercises|rungs)\//.test(source.path);
  const wasBelow = "path" in before;
  const move = below ? oneFolderDown : oneFolderUp;
  const old = below === wasBelow ? beside : { ...beside, text: move(beside.text), move };
  let files: DrawnFile[];
  if (symbol !== undefined) files = await drawnSymbol(old, source, symbol, place);
  else if (after && !("path" in before)) files = await drawnSteps(before, after);
  else files = await drawnSources(old, source);
  if (files.every((file) => file.diff.status === "same")) {
    throw new DocsError(place, `Cannot show the diff "${argument}": there is none`);
  }
  const to = after?.slug ?? source.path.replace(/.*\//, "");
  const ends = [before.slug.split("-")[0], after?.slug.split("-")[0] ?? to, symbol];
  const id = anchor(
    ["diff", ...ends]
      .filter((word) => word !== undefined)
      .join("-")
      .replace(/[.#]+/g, "-"),
  );
  const name = symbol === undefined ? "" : html`, <code>${symbol}</code>`;
  return renderDiff({ page, id, title: html`${before.slug} → ${to}${name}`, files });
}

/** The rung of that name beside another, or below its step: `17b` beside `17c-encode.ts`. */
function rungBeside(
  source: Source,
  name: string,
  place: Place,
): Source & { readonly slug: string } {
  const own = dirname(source.path);
  const folder = own.endsWith("/rungs") ? own : `${own}/rungs`;
  const file = readdirSync(join(ROOT, folder)).find((at) => at.startsWith(`${name}-`));
  if (file === undefined) {
    throw new DocsError(place, `Cannot find the rung "${name}": ${folder} has none`);
  }
  const path = `${folder}/${file}`;
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, text, step: source.step, slug: file.replace(/\.ts$/, "") };
}

/** A step by its number or name: `07`, `r3`. */
function stepOf(text: string, place: Place): Step {
  const among = PARTS.find((part) => part[0]?.slug[0] === text[0]) ?? STEPS;
  try {
    return findStep(text, among);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const near = nearestOf(
      text,
      among.map(({ slug }) => slug),
    );
    throw new DocsError(place, `Cannot find the step "${text}": there is ${near}`);
  }
}

function serverOf(step: Step): Source {
  const path = `examples/${step.slug}/server.ts`;
  return { path, text: readFileSync(join(ROOT, path), "utf8"), step };
}
