// A short digest of what a seed did, the same in every engine.
import type { Verdict } from "../explore/explore.ts";

/** 64 bits in hexadecimal, FNV-1a style, over what the actors saw and how long it took. */
export function digestOf({ accounts, turns, virtualMs, broken }: Verdict): string {
  const seen = accounts.map(({ label, seen: lines, end }) => [label, lines, end]);
  const rules = broken.map(({ rule }) => rule);
  const text = JSON.stringify([seen, turns, virtualMs, rules]);
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (let index = 0; index < text.length; index += 1) {
    low = Math.imul(low ^ text.charCodeAt(index), 0x01000193);
    high = Math.imul(high ^ low ^ text.charCodeAt(index), 0x01000193);
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
