// What the search looks through: the sections of all pages with their code, the behaviours,
// and the names that the shared sources define.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../../behaviours/table.ts";
import { sourcePage } from "../links.ts";
import type { Page } from "../page.ts";
import { symbolsOf } from "../symbols.ts";
import type { Document } from "./client/search-index.ts";

type Entry = Omit<Document, "id">;

const SHARED = "examples/shared";

/** What people look for by words that the page does not have, or has everywhere. */
const ALIASES: Readonly<Record<string, string>> = {
  "index.html#begin": "run start install setup begin requirements npx",
  "01-echo.html#what-we-have": "telnet connect client netcat nc",
  "compare.html": "compare diff",
};

/** Sections that name what others explain. */
const LIGHT = /^(?:Exercises?\b|Check yourself|Read on|Try it|What changed|Solution)/;

/**
 * The script that the search box loads: a script and no data, for a page that is opened
 * from a file may not fetch.
 *
 * @param searcher What looks through the documents, bundled.
 */
export function searchScript(pages: readonly Page[], searcher: string): string {
  const entries = [...sections(pages), ...behaviours(), ...definitions()];
  const documents: Document[] = entries.map((entry, id) => ({ id, ...entry }));
  return `{const SEARCH_DOCUMENTS=${JSON.stringify(documents)};\n${searcher}}\n`;
}

/** A document a section. What stands before the first heading goes by the page's title. */
function sections(pages: readonly Page[]): Entry[] {
  return pages.flatMap((page, order) => {
    let within = "";
    return page.sections.map(({ id, heading, text, code }) => {
      const level = page.headings.find((one) => one.id === id)?.level ?? 2;
      if (level === 2) within = heading;
      const address = id === "" ? page.path : `${page.path}#${id}`;
      const alias = ALIASES[address];
      return {
        address,
        page: page.title,
        heading: heading || page.title,
        text: text.replace(/\s+/g, " ").trim(),
        code,
        ...(alias === undefined ? {} : { alias }),
        weight: weightOf(page, order / pages.length, within),
      };
    });
  });
}

/** What comes first is where a thing is explained; a glossary's entry says it shortest. */
function weightOf(page: Page, order: number, section: string): number {
  const kind = page.path === "glossary.html" ? 1.5 : 1.3 - 0.3 * order;
  return Number((LIGHT.test(section) ? kind * 0.4 : kind).toFixed(2));
}

function behaviours(): Entry[] {
  return BEHAVIOURS.map(({ id, title, from, to }) => ({
    address: `behaviours.html#${id}`,
    page: "Behaviours",
    heading: title,
    text: from === to ? `In step ${from}.` : `In steps ${from} to ${to}.`,
    code: "",
    weight: 0.5,
  }));
}

/** The functions, classes and types of the shared sources, each with its first lines. */
function definitions(): Entry[] {
  const files = readdirSync(join(ROOT, SHARED), { recursive: true, encoding: "utf8" });
  return files.flatMap((name) => {
    if (!name.endsWith(".ts")) return [];
    const file = `${SHARED}/${name.replaceAll("\\", "/")}`;
    const text = readFileSync(join(ROOT, file), "utf8");
    const lines = text.split("\n");
    return [...symbolsOf(text)]
      .filter(
        ([symbol]) => /^\w+(?:\.\w+)?$/.test(symbol) && !/\.constructor$/.test(symbol),
      )
      .map(([symbol, [start, end]]) => {
        const own = lines.slice(start, end);
        const comment = own.filter((line) => /^\s*(?:\/\/|\/?\*)/.test(line));
        const said = comment.join(" ").replace(/[/*]+/g, " ").replace(/\s+/g, " ").trim();
        const head = own.find((line) => !comment.includes(line)) ?? "";
        return {
          address: `${sourcePage(file)}#L${start + 1}`,
          page: file,
          heading: symbol,
          text: said,
          code: head,
          // The libraries below are large, and few look for them.
          weight: name.includes("/") || name.includes("\\") ? 0.25 : 0.45,
        };
      });
  });
}
