// Which lines of a program begin within a text or a comment: their margin means nothing.

/** Before a slash: then it begins a pattern, and is no division. */
const BEFORE_PATTERN = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*$/;

/**
 * The lines that begin within a template or a comment of several lines, from 0.
 *
 * Walks through the characters as far as it takes to tell code from what is quoted.
 */
export function quotedLines(text: string): Set<number> {
  const quoted = new Set<number>();
  /** Templates that are open, each with the braces open in its expression; -1 in its text. */
  const templates: number[] = [];
  let line = 0;
  let comment = false;
  for (let at = 0; at < text.length; at += 1) {
    const rest = text.slice(at, at + 2);
    const inText = templates.at(-1) === -1;
    if (text[at] === "\n") {
      line += 1;
      if (comment || inText) quoted.add(line);
    } else if (comment) {
      if (rest === "*/") {
        comment = false;
        at += 1;
      }
    } else if (inText) {
      if (text[at] === "\\") at += 1;
      else if (text[at] === "`") templates.pop();
      else if (rest === "${") {
        templates[templates.length - 1] = 0;
        at += 1;
      }
    } else if (rest === "/*") {
      comment = true;
      at += 1;
    } else at = pastCode(text, at, templates);
  }
  return quoted;
}

/** The last character of what stands here in code: a text, a pattern, a mark. */
function pastCode(text: string, at: number, templates: number[]): number {
  const open = templates.at(-1);
  switch (text[at]) {
    case '"':
    case "'":
      return lastOf(/(["'])(?:[^\\\n]|\\.)*?\1/y, text, at);
    case "/":
      if (text[at + 1] === "/") return lastOf(/[^\n]*/y, text, at);
      if (!BEFORE_PATTERN.test(text.slice(Math.max(0, at - 20), at))) return at;
      return lastOf(/\/(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+\//y, text, at);
    case "`":
      templates.push(-1);
      return at;
    case "{":
      if (open !== undefined) templates[templates.length - 1] = open + 1;
      return at;
    case "}":
      // The brace that ends an expression leads back into the text.
      if (open !== undefined) templates[templates.length - 1] = open - 1;
      return at;
    default:
      return at;
  }
}

function lastOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const [match = "."] = pattern.exec(text) ?? [];
  return at + Math.max(match.length, 1) - 1;
}
