// The paragraphs of a step's page that are about its code.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Token } from "markdown-it";
import { ROOT, type Step } from "../../behaviours/steps.ts";
import { createAnchors, createMarkdown, plainText } from "../docs/markdown.ts";
import { partOf, type Source } from "../docs/source.ts";
import { serverOf } from "./origin.ts";

export interface Paragraph {
  /** Its line number in the page's file, from 1. */
  readonly line: number;
  /** The heading above it, and that heading's anchor; both empty before the first. */
  readonly heading: string;
  readonly id: string;
  /** Without markup. */
  readonly text: string;
  /** Its parts in code font. */
  readonly code: readonly string[];
  /** The lines of `server.ts` in the listing above it. */
  readonly shows: ReadonlySet<number>;
}

export interface ReadPage {
  /** `docs/13-join.md`. */
  readonly file: string;
  readonly paragraphs: readonly Paragraph[];
}

/** The sections in which a page explains its code; empty for the text before the first. */
const ARGUES = ["", "The idea", "The code", "What changed"];

/** Reads the page of a step; undefined when there is none. */
export function readPage(step: Step): ReadPage | undefined {
  const file = `docs/${step.slug}.md`;
  if (!existsSync(join(ROOT, file))) return undefined;
  const text = readFileSync(join(ROOT, file), "utf8");
  const tokens = createMarkdown().parse(text, { file, path: `${step.slug}.html` });
  return { file, paragraphs: paragraphsIn(tokens, step, file) };
}

function paragraphsIn(tokens: readonly Token[], step: Step, file: string): Paragraph[] {
  const path = `examples/${step.slug}/server.ts`;
  const source: Source = { path, text: serverOf(step), step };
  const anchor = createAnchors();
  const paragraphs: Paragraph[] = [];
  let chapter = "";
  let section = { heading: "", id: "" };
  let shows = new Set<number>();
  /** The position of the last listing. */
  let last = Number.NaN;
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    if (token.type !== "inline" || previous === undefined) return;
    const line = (token.map?.[0] ?? 0) + 1;
    const text = plainText(token);
    if (previous.type === "heading_open") {
      const id = anchor(text);
      if (previous.tag === "h1") return;
      section = { heading: text, id };
      if (previous.tag !== "h2") return;
      chapter = text;
      shows = new Set();
    } else if (previous.type === "paragraph_open" && ARGUES.includes(chapter)) {
      const shown = linesShown(token, source, { file, line });
      if (shown) {
        // Listings without text between them count as one.
        const after = tokens[index - 2]?.type === "paragraph_close" && last === index - 3;
        shows = new Set([...(after ? shows : []), ...shown]);
        last = index;
      } else {
        const parts = (token.children ?? []).filter(({ type }) => type === "code_inline");
        const code = parts.map(({ content }) => content);
        paragraphs.push({ line, ...section, text, code, shows: new Set(shows) });
      }
    }
  });
  return paragraphs;
}

/** The lines of the step's server that a directive shows; undefined if it is not a directive. */
function linesShown(
  { children }: Token,
  source: Source,
  place: { file: string; line: number },
): number[] | undefined {
  const [link] = children ?? [];
  const title = link?.type === "link_open" ? link.attrGet("title") : null;
  if (typeof title !== "string") return undefined;
  const [kind = "", argument = ""] = title.split(/:\s*(.*)/s);
  const href = String(link?.attrGet("href"));
  const ours = href === `../${source.path}`;
  // The page explains a rung's change, which is in the step's server too if it was kept.
  const rung = href.startsWith(`../examples/${source.step?.slug}/rungs/`);
  const words = kind.startsWith("code") ? argument.split(/,\s*/) : argument.split(/\s+/);
  // Numbers of steps and rungs are not symbols. A full diff belongs to all sections.
  const symbols = words.filter(
    (word) => word !== "" && !/^(\d{1,2}[a-z]?|[rm]\d)$/.test(word),
  );
  if (!ours && !rung) return [];
  return symbols.flatMap((symbol) => {
    try {
      return [...partOf(source, symbol, place).numbers];
    } catch (error) {
      if (rung) return [];
      throw error;
    }
  });
}
