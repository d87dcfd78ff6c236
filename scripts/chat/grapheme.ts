// What a person takes for one character, and how many columns it fills.
import stringWidth from "string-width";

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Longer than any grapheme that is not made to annoy: so far one looks to find it. */
const REACH = 200;

/** The graphemes of a text, in order. */
export function* graphemes(text: string): Generator<string, void> {
  for (const { segment } of SEGMENTER.segment(text)) yield segment;
}

/** Where the grapheme before `index` begins; 0 at the beginning. */
export function before(text: string, index: number): number {
  if (index <= 0) return 0;
  // Only the surroundings: the cost must not grow with a text that was pasted.
  const start = Math.max(0, index - REACH);
  const near = SEGMENTER.segment(text.slice(start, index));
  return start + (near.containing(index - start - 1)?.index ?? 0);
}

/** Where the grapheme at `index` ends; the length of the text at its end. */
export function after(text: string, index: number): number {
  const [first] = SEGMENTER.segment(text.slice(index, index + REACH));
  return index + (first?.segment.length ?? 0);
}

/** `index`, or the end of the grapheme that it lies within. */
export function boundary(text: string, index: number): number {
  if (index <= 0 || index >= text.length)
    return Math.min(Math.max(index, 0), text.length);
  const start = Math.max(0, index - REACH);
  const near = SEGMENTER.segment(text.slice(start, index + REACH));
  const found = near.containing(index - start);
  if (found === undefined || start + found.index === index) return index;
  return start + found.index + found.segment.length;
}

/** How many columns of a terminal a text fills. */
export function width(text: string): number {
  return stringWidth(text);
}
