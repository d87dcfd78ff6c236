// How the checker prints: coloured signs, and text wrapped to the width of the terminal.
import { stripVTControlCharacters, styleText } from "node:util";

type Style = "green" | "red" | "yellow" | "dim" | "bold";

/** Colours the text on a terminal, unless NO_COLOR is set. */
export function paint(style: Style, text: string): string {
  const color = process.stdout.isTTY && !process.env["NO_COLOR"];
  return color ? styleText(style, text) : text;
}

/** How wide the terminal is; 100 columns where there is none. */
export function columns(): number {
  return Math.max(30, process.stdout.columns ?? 100);
}

/** A command to copy: up to a comma outside of quotes, two spaces, or the end. */
const COMMAND =
  /\b(?:just|npx -y rust-just|npm run) (?:check|diff|example|bots)\b(?:'[^']*'|"[^"]*"|(?! {2})[^,])*/g;
/** Stands for a space at which no line ends. */
const HARD_SPACE = "\uf8ff";

/**
 * Wraps text to the terminal's width, but not within a command. Lines after the first begin with
 * `indent`.
 */
export function wrapped(text: string, indent = ""): string {
  const width = columns();
  const whole = text.replace(COMMAND, (command) => command.replaceAll(" ", HARD_SPACE));
  const [first = "", ...words] = whole.trimStart().split(" ");
  const lines: string[] = [];
  let line = text.slice(0, text.length - text.trimStart().length) + first;
  for (const word of words) {
    if (stripVTControlCharacters(`${line} ${word}`).length > width) {
      lines.push(line);
      line = indent + word;
    } else line += ` ${word}`;
  }
  return [...lines, line].join("\n").replaceAll(HARD_SPACE, " ");
}

/** Whether the last line of the terminal shows progress. */
let shown = false;

/** Shows progress in the last line of a terminal. Without a terminal, it shows nothing. */
export class Progress {
  show(text: string): void {
    if (!process.stderr.isTTY) return;
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[K${text.slice(0, width)}`);
    shown = true;
  }

  clear(): void {
    if (shown) process.stderr.write("\r\x1b[K");
    shown = false;
  }
}

// Ctrl-C may end the program while progress is shown.
process.once("exit", () => new Progress().clear());
