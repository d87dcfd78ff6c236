// The status line: the user's name and room, and the state of the connection.
import width from "string-width";
import type { View } from "./view.ts";

/** When there is not enough room, the part with the lowest weight is dropped first. */
type Part = readonly [weight: number, text: string, colour?: "red" | "yellow" | "green"];

/** The parts of the status line that fit. */
function partsOf(view: View): Part[] {
  const { name = "", room, talk, link } = view.session;
  const unread = talk.unread > 0 ? `${talk.unread} unread ↓` : "scrolled ↑";
  const all: Part[] = [
    [3, room === undefined ? name : `${name} in ${room}`],
    [0, view.address],
    // A lost connection matters more than the name.
    link.kind === "connected" ? [1, "connected", "green"] : [5, waiting(view), "red"],
    [4, talk.follows ? "" : unread, "yellow"],
    [6, view.hint, "yellow"],
    [5, choice(view.editor)],
  ];
  let parts = all.filter(([, text]) => text !== "");
  while (parts.length > 1 && widthOf(parts) > view.size.columns) {
    const least = Math.min(...parts.map(([weight]) => weight));
    parts = parts.filter(([weight]) => weight > least);
  }
  return parts;
}

function waiting({ session: { link }, now }: View): string {
  if (link.kind !== "lost") return "reconnecting";
  return `reconnecting in ${Math.max(1, Math.ceil((link.until - now) / 1000))} s`;
}

/** Tab's current choice, and the next ones. */
function choice({ choice }: View["editor"]): string {
  if (choice === undefined) return "";
  const words = choice.words.map((word) => word.trim().replace(/:$/, ""));
  const next = [...words.slice(choice.index + 1), ...words.slice(0, choice.index)];
  return `[${words[choice.index]}] ${next.slice(0, 7).join(" ")}`;
}

/** The width of the parts, including the line and the spaces around each. */
function widthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, [, text]) => sum + width(text) + 4, 0);
}

/** A line across the screen, with the parts in it. */
export function statusLine(view: View): string {
  const { size, style } = view;
  const parts = partsOf(view);
  const texts = parts.map(([, text, colour]) => style(colour ?? [], ` ${text} `));
  const rest = "─".repeat(Math.max(0, size.columns - widthOf(parts)));
  return texts.map((text) => style("dim", "──") + text).join("") + style("dim", rest);
}
