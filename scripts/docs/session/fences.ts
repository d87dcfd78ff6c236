// The fences of a page that hold sessions and outputs, and where they stand.
import MarkdownIt from "markdown-it";
import type { Source } from "./parse-session.ts";

export interface Fence extends Source {
  /** The first word of its info string. */
  readonly kind: string;
  /** The lines of its text, from 0, the end not included. */
  readonly range: readonly [number, number];
}

const markdown = new MarkdownIt({ html: true });

/** The fences of a page whose info string begins with one of these words, in order. */
export function fencesIn(
  file: string,
  page: string,
  kinds: readonly string[] = ["session", "output"],
): Fence[] {
  return markdown.parse(page, {}).flatMap((token) => {
    const [kind = ""] = token.info.trim().split(/\s+/);
    if (token.type !== "fence" || !kinds.includes(kind) || token.map === null) return [];
    const [start, end] = token.map;
    const { info, content: text } = token;
    return [{ file, line: start + 1, info, text, kind, range: [start + 1, end - 1] }];
  });
}

/** The page with the text of some of its fences replaced, indented as these are. */
export function replaceFences(
  page: string,
  changes: readonly { readonly fence: Fence; readonly text: string }[],
): string {
  const lines = page.split("\n");
  // From the last to the first: the ranges of those before stay true.
  for (const { fence, text } of [...changes].sort(
    (a, b) => b.fence.range[0] - a.fence.range[0],
  )) {
    const [from, to] = fence.range;
    const indent = /^\s*/.exec(lines[from - 1] ?? "")?.[0] ?? "";
    const fresh = text.replace(/\n$/, "").split("\n");
    const indented = fresh.map((line) => (line === "" ? "" : indent + line));
    lines.splice(from, to - from, ...indented);
  }
  return lines.join("\n");
}
