// Whose words a text contains: a fact about its bytes, not about what the program means.
import type { TraceEvent } from "./trace-event.ts";

/** Finds words that were read in the texts that are written, and sets their `carries`. */
export function withCarriedWords(events: readonly TraceEvent[]): TraceEvent[] {
  const said = events.flatMap((event, index) => {
    if (event.kind !== "reads") return [];
    const words = event.text.trim();
    return words === "" || words.startsWith("/") ? [] : [{ index, words }];
  });
  return events.map((event, index) => {
    if (event.kind !== "writes") return event;
    const found = said
      .filter((one) => one.index < index && holds(event.text, one.words))
      .sort((a, b) => b.words.length - a.words.length);
    const [longest, next] = found;
    // The same words were read twice, so it is unknown which of them these are.
    if (longest === undefined || longest.words === next?.words) return event;
    return { ...event, carries: longest.index };
  });
}

/** Whether the text contains the words, and not merely as part of other words. */
function holds(text: string, words: string): boolean {
  const padded = ` ${text.replaceAll("\n", " ")} `;
  const at = padded.indexOf(` ${words}`);
  const after = padded.slice(at + 1 + words.length);
  return at >= 0 && !/^[\p{L}\p{N}]/u.test(after);
}
