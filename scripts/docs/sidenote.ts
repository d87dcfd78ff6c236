// Footnotes, shown where they belong: beside the text on a wide screen, below it on a
// narrow one.
//
//   A promise is a receipt.[^1]
//
//   [^1]: Text that may go on in lines that are indented by four.
//
// becomes a `sup.note-ref` with a link, and after the paragraph an `aside.sidenote`.
import type { MarkdownIt, Token } from "markdown-it";
import { DocsError } from "./error.ts";

interface Environment {
  readonly file: string;
  /** The text of each note, by its name, and the line where it stands. */
  notes?: Map<string, { text: string; line: number }>;
}

const DEFINITION = /^\[\^([\w-]+)\]:\s*/;

/** Teaches a Markdown parser about footnotes. */
export function sidenotes(markdown: MarkdownIt): void {
  markdown.block.ruler.before("reference", "sidenote", (state, start, end, silent) => {
    const lineAt = (line: number) =>
      state.src.slice(
        (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0),
        state.eMarks[line],
      );
    const match = DEFINITION.exec(lineAt(start));
    if (!match || (state.sCount[start] ?? 0) - state.blkIndent >= 4) return false;
    if (silent) return true;
    const [mark, name = ""] = match;
    const texts = [lineAt(start).slice(mark.length)];
    let line = start + 1;
    while (line < end && !state.isEmpty(line) && (state.sCount[line] ?? 0) >= 2) {
      texts.push(lineAt(line));
      line += 1;
    }
    const env = state.env as unknown as Environment;
    env.notes ??= new Map();
    env.notes.set(name, { text: texts.join("\n"), line: start + 1 });
    state.line = line;
    return true;
  });

  markdown.inline.ruler.before("link", "sidenote-ref", (state, silent) => {
    const match = /^\[\^([\w-]+)\]/.exec(state.src.slice(state.pos));
    if (!match) return false;
    if (!silent) state.push("sidenote_ref", "sup", 0).meta = { name: match[1] };
    state.pos += match[0].length;
    return true;
  });

  markdown.renderer.rules["sidenote_ref"] = (tokens, index) => {
    const name = String(tokens[index]?.meta?.name);
    return `<sup class="note-ref" id="ref-${name}"><a href="#note-${name}" aria-label="Note ${name}">${name}</a></sup>`;
  };

  markdown.core.ruler.after("inline", "sidenotes", (state) => {
    const env = state.env as unknown as Environment;
    const used = new Set<string>();
    const tokens: Token[] = [];
    let waiting: string[] = [];
    for (const token of state.tokens) {
      tokens.push(token);
      if (token.type === "inline") {
        for (const child of token.children ?? []) {
          if (child.type === "sidenote_ref") waiting.push(String(child.meta?.name));
        }
      } else if (token.nesting === -1) {
        for (const name of waiting) {
          const note = env.notes?.get(name);
          const place = { file: env.file, line: (token.map?.[0] ?? 0) + 1 };
          if (!note) throw new DocsError(place, `Cannot find the note [^${name}]`);
          used.add(name);
          const html = new state.Token("html_block", "", 0);
          const text = markdown.renderInline(note.text, { ...env, notes: new Map() });
          html.content = `<aside class="sidenote" id="note-${name}"><a class="note-number" href="#ref-${name}" aria-label="Back to the text">${name}</a> ${text}</aside>\n`;
          tokens.push(html);
        }
        waiting = [];
      }
    }
    for (const [name, { line }] of env.notes ?? []) {
      if (used.has(name)) continue;
      throw new DocsError({ file: env.file, line }, `The note [^${name}] is not used`);
    }
    state.tokens = tokens;
  });
}
