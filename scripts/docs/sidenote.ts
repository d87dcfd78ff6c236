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
    if (texts.join("").trim() === "") {
      const place = { file: env.file, line: start + 1 };
      throw new DocsError(
        place,
        `The note [^${name}] is empty: its text must be indented`,
      );
    }
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
    const { name, number, first } = tokens[index]?.meta ?? {};
    const id = first ? ` id="ref-${name}"` : "";
    return `<sup class="note-ref"${id}><a href="#note-${name}" aria-label="Note ${number}">${number}</a></sup>`;
  };

  markdown.core.ruler.after("inline", "sidenotes", (state) => {
    const env = state.env as unknown as Environment;
    const numbers = new Map<string, number>();
    const tokens: Token[] = [];
    let waiting: { name: string; line: number }[] = [];
    let tables = 0;
    for (const token of state.tokens) {
      tokens.push(token);
      tables += token.type === "table_open" ? 1 : token.type === "table_close" ? -1 : 0;
      for (const child of token.children ?? []) {
        if (child.type !== "sidenote_ref") continue;
        const name = String(child.meta?.name);
        const first = !numbers.has(name);
        if (first) {
          numbers.set(name, numbers.size + 1);
          waiting.push({ name, line: (token.map?.[0] ?? 0) + 1 });
        }
        child.meta = { name, number: numbers.get(name), first };
      }
      // After the paragraph, or after the whole table: nothing may stand between its rows.
      if (token.nesting !== -1 || tables > 0) continue;
      for (const { name, line } of waiting) {
        const note = env.notes?.get(name);
        if (!note) {
          throw new DocsError(
            { file: env.file, line },
            `Cannot find the note [^${name}]`,
          );
        }
        const number = numbers.get(name);
        const aside = new state.Token("html_block", "", 0);
        const text = markdown.renderInline(note.text, { ...env, notes: new Map() });
        aside.content = `<aside class="sidenote" id="note-${name}"><a class="note-number" href="#ref-${name}" aria-label="${number}, back to the text">${number}</a> ${text}</aside>\n`;
        tokens.push(aside);
      }
      waiting = [];
    }
    for (const [name, { line }] of env.notes ?? []) {
      if (numbers.has(name)) continue;
      throw new DocsError(
        { file: env.file, line },
        `Cannot place the note [^${name}]: nothing refers to it`,
      );
    }
    state.tokens = tokens;
  });
}
