// The documents of the search: the sections of all pages with their code, the behaviours,
// and the names defined in the shared sources.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../../behaviours/table.ts";
import { sourcePage } from "../links.ts";
import type { Page } from "../page.ts";
import { symbolsOf } from "../symbols.ts";
import type { Document } from "./client/search-index.ts";

const SHARED = "examples/shared";

/** Words that readers search for, but that the page does not have, or has everywhere. */
const ALIASES: Readonly<Record<string, string>> = {
  "index.html#begin": "run start install setup begin requirements npx",
  "01-echo.html#what-we-have": "telnet connect client netcat nc",
  "compare.html": "compare diff",
};

/** Sections that mention what other sections explain. */
const LIGHT = /^(?:Exercises?\b|Check yourself|Read on|Try it|What changed|Solution)/;

/**
 * The script that the search box loads. It is a script rather than data, because a page
 * opened from a file cannot fetch.
 *
 * @param searcher The search engine, bundled.
 */
export function searchScript(pages: readonly Page[], searcher: string): string {
  const documents = [...sections(pages), ...behaviours(), ...definitions()];
  return `{const SEARCH_DOCUMENTS=${JSON.stringify(documents)};\n${searcher}}\n`;
}

/** One document per section. Text before the first heading gets the page's title. */
function sections(pages: readonly Page[]): Document[] {
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

/** Earlier pages explain things; a glossary entry is the shortest explanation. */
function weightOf(page: Page, order: number, section: string): number {
  const kind = page.path === "glossary.html" ? 1.5 : 1.3 - 0.3 * order;
  return Number((LIGHT.test(section) ? kind * 0.4 : kind).toFixed(2));
}

function behaviours(): Document[] {
  return BEHAVIOURS.map(({ id, title, from, to }) => ({
    address: `behaviours.html#${id}`,
    page: "Behaviours",
    heading: title,
    text: from === to ? `In step ${from}.` : `In steps ${from} to ${to}.`,
    code: "",
    weight: 0.5,
  }));
}

/** The functions, classes and types of the shared sources, each with its comments. */
function definitions(): Document[] {
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
          // The libraries in subfolders are large, and few readers search for them.
          weight: name.includes("/") || name.includes("\\") ? 0.25 : 0.45,
        };
      });
  });
}
