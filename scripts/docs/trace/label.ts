// The label of an arrow.
import stringWidth from "string-width";
import type { TraceEvent } from "./trace-event.ts";

export interface LabelLine {
  readonly text: string;
  /** Text that went through the connection, rather than our own words. */
  readonly verbatim: boolean;
}

type Labelled = Extract<
  TraceEvent,
  { kind: "connects" | "refused" | "leaves" | "resets" | "sends" | "writes" | "ends" }
>;

export function labelOf(event: Labelled): LabelLine[] {
  switch (event.kind) {
    case "sends":
      return linesOf(event.text);
    case "writes": {
      const lines = event.help && event.text === "" ? [] : linesOf(event.text);
      return [...(event.help ? [{ text: "help text", verbatim: false }] : []), ...lines];
    }
    case "connects":
    case "refused":
    case "leaves":
    case "resets":
    case "ends": {
      const text = event.kind === "ends" ? "closes" : event.kind;
      return [{ text, verbatim: false }];
    }
    default:
      return event satisfies never;
  }
}

function linesOf(text: string): LabelLine[] {
  return text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => ({ text: line, verbatim: true }));
}

/**
 * Wraps a label into lines of at most `width` characters, preferably at blanks, and
 * truncates it after `most` lines.
 */
export function wrap(label: readonly LabelLine[], width: number, most = 3): LabelLine[] {
  const lines = label.flatMap(({ text, verbatim }) =>
    balance(text, width).map((part) => ({ text: part, verbatim })),
  );
  const kept = lines.slice(0, most);
  const last = kept.at(-1);
  if (lines.length === kept.length || last === undefined) return lines;
  return [
    ...kept.slice(0, -1),
    { ...last, text: `${breakText(last.text, width - 1)[0]}…` },
  ];
}

/** Wraps into as few lines as possible, as even as possible. */
function balance(text: string, width: number): string[] {
  const lines = breakText(text, width);
  if (lines.length === 1) return lines;
  let even = lines;
  for (let narrower = width - 1; narrower > 0; narrower -= 1) {
    const tried = breakText(text, narrower);
    if (tried.length > lines.length) break;
    even = tried;
  }
  return even;
}

/** Wraps at blanks if possible, otherwise between any two characters. */
function breakText(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(text);
  while (stringWidth(rest.join("")) > width) {
    let fits = 1;
    while (fits < rest.length && stringWidth(rest.slice(0, fits + 1).join("")) <= width) {
      fits += 1;
    }
    const blank = rest.lastIndexOf(" ", fits);
    const at = blank > 0 ? blank : fits;
    lines.push(rest.slice(0, at).join(""));
    rest = Array.from(rest.slice(at).join("").trimStart());
  }
  return [...lines, rest.join("")];
}
