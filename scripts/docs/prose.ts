// What a page says in words, for those who search it and for those who ask how long it is.
import type { Token } from "markdown-it";
import { plainText } from "./markdown.ts";
import type { Heading, Section } from "./page.ts";

/** The text of each section, without its code. */
export function sectionsOf(
  tokens: readonly Token[],
  headings: readonly Heading[],
): Section[] {
  const sections: { id: string; heading: string; texts: string[] }[] = [
    { id: "", heading: "", texts: [] },
  ];
  let next = 0;
  tokens.forEach((token, index) => {
    if (token.type === "heading_open") {
      const { id = "", text = "" } = headings[next] ?? {};
      next += 1;
      sections.push({ id, heading: text, texts: [] });
    } else if (token.type === "inline" && tokens[index - 1]?.type !== "heading_open") {
      sections.at(-1)?.texts.push(plainText(token));
    }
  });
  return sections
    .map(({ id, heading, texts }) => ({ id, heading, text: texts.join(" ") }))
    .filter(({ heading, text }) => heading !== "" || text !== "");
}

/** Prose only, and what is folded away not counted: solutions are not read in passing. */
export function wordsOf(tokens: readonly Token[]): number {
  let folded = 0;
  let words = 0;
  for (const { type, content, children } of tokens) {
    if (type === "html_block") {
      folded += (content.match(/<details/g) ?? []).length;
      folded -= (content.match(/<\/details/g) ?? []).length;
    } else if (type === "inline" && children && folded === 0) {
      words += content.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
    }
  }
  return words;
}
