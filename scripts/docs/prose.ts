// What a page says in words, for those who search it and for those who ask how long it is.
import type { Token } from "markdown-it";
import { plainText } from "./markdown.ts";
import type { Heading, Section } from "./page.ts";

/**
 * The text of each section, and the code that it shows.
 *
 * @param tokens With what directives and fences show in their place, as HTML.
 */
export function sectionsOf(
  tokens: readonly Token[],
  headings: readonly Heading[],
): Section[] {
  const sections: { id: string; heading: string; texts: string[]; codes: string[] }[] = [
    { id: "", heading: "", texts: [], codes: [] },
  ];
  let next = 0;
  tokens.forEach((token, index) => {
    const section = sections.at(-1);
    if (token.type === "heading_open") {
      const { id = "", text = "" } = headings[next] ?? {};
      next += 1;
      sections.push({ id, heading: text, texts: [], codes: [] });
    } else if (token.type === "inline" && tokens[index - 1]?.type !== "heading_open") {
      section?.texts.push(plainText(token));
    } else if (token.type === "html_block") {
      section?.codes.push(...codeIn(token.content));
      section?.texts.push(...captionsIn(token.content));
    }
  });
  return sections
    .map(({ id, heading, texts, codes }) => ({
      id,
      heading,
      text: texts.join(" "),
      code: [...new Set(codes)].join("\n"),
    }))
    .filter(({ heading, text }) => heading !== "" || text !== "");
}

/** Each line once: those of a `pre`, what a session types and sees, what a diff adds. */
function codeIn(content: string): string[] {
  const pieces = content.matchAll(
    /<pre[^>]*>(.*?)<\/pre>|<code class="session-text"[^>]*>(.*?)<\/code>|<ins class="l"[^>]*>(.*?)<\/ins>/gs,
  );
  return [...pieces].flatMap(([, pre, said, added]) =>
    bare(pre ?? said ?? added ?? "")
      .split("\n")
      .flatMap((line) => line.trim() || []),
  );
}

/** What a figure says of itself; a drawing says it only to those who do not see it. */
function captionsIn(content: string): string[] {
  const figures = content.matchAll(
    /<figure class="figure".*?<figcaption[^>]*>(.*?)<\/figcaption>|<svg role="img" aria-label="([^"]*)"/gs,
  );
  return [...figures].map(([, caption, label]) => bare(caption ?? label ?? ""));
}

/** HTML without its tags. */
function bare(content: string): string {
  const marks: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"' };
  return content
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => marks[name] ?? "&");
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
