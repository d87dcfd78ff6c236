// What the pictures of logs have in common: how an entry is written, and what stands in one.
import { type Entry, keyOf } from "../../examples/m1-log/fold.ts";

/** The texts of one class in a picture, in their order. */
export function textsOf(svg: string, kind: string): string[] {
  const texts = svg.matchAll(new RegExp(`<text class="${kind}"[^>]*>([^<]*)<`, "g"));
  return Array.from(texts, ([, text = ""]) => text);
}

/** An entry as a picture writes it: `name.ann`, `gone.ann`, `dead.B`. */
export function drawnAs(entry: Entry): string {
  if (entry.kind === "dead") return "dead.B";
  if (entry.kind === "say") return `say.${entry.room}`;
  return `${entry.kind}.${keyOf(entry.name)}`;
}
