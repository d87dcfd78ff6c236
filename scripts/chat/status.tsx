// The status line: where one is, as whom, and how the connection does.
/** @jsxRuntime automatic */
import { Text } from "ink";
import { width as widthOf } from "./grapheme.ts";
import { unread } from "./scroll.ts";
import { type View, windowOf } from "./view.ts";

export interface Part {
  readonly text: string;
  /** The part with the least weight goes first, when there is not room for all. */
  readonly weight: number;
  readonly color?: "red" | "yellow" | "green" | undefined;
}

/** The parts of the status line, as many as there is room for. */
export function partsOf(view: View, columns: number): Part[] {
  const { state, address, hint, editor } = view;
  const { name, room } = state;
  const who = [name, room === undefined ? undefined : `in ${room}`];
  const below = unread(windowOf(view), view.anchor);
  const parts: Part[] = [
    { text: who.filter((part) => part !== undefined).join(" "), weight: 3 },
    { text: address, weight: 0 },
    linkPart(view),
    {
      text:
        view.anchor === undefined ? "" : below > 0 ? `${below} unread ↓` : "scrolled ↑",
      weight: 4,
      color: "yellow",
    },
    { text: hint, weight: 6, color: "yellow" },
  ];
  if (editor.choice) {
    const { words, index } = editor.choice;
    const next = [...words.slice(index), ...words.slice(0, index)].slice(0, 8);
    const [chosen = "", ...others] = next.map((word) => word.trim().replace(/:$/, ""));
    parts.push({ text: `[${chosen}] ${others.join(" ")}`, weight: 5 });
  }
  return choose(
    parts.filter(({ text }) => text !== ""),
    columns,
  );
}

function linkPart({ state: { link }, now }: View): Part {
  if (link.kind === "up") return { text: "connected", weight: 1, color: "green" };
  // It is more important now than who one is.
  if (link.kind === "trying") return { text: "reconnecting", weight: 5, color: "red" };
  const seconds = Math.max(1, Math.ceil((link.until - now) / 1000));
  return { text: `reconnecting in ${seconds} s`, weight: 5, color: "red" };
}

const SEPARATOR = "──";
/** What the parts fill with their separators and spaces. */
const widthOfAll = (parts: readonly Part[]) =>
  parts.reduce((sum, { text }) => sum + widthOf(text) + 4, 0);

function choose(parts: Part[], columns: number): Part[] {
  if (parts.length <= 1 || widthOfAll(parts) <= columns) return parts;
  const least = Math.min(...parts.map(({ weight }) => weight));
  return choose(
    parts.filter(({ weight }) => weight > least),
    columns,
  );
}

/** A line across the screen, with the parts in it. */
export function Status({ view }: { readonly view: View }) {
  const { columns } = view.size;
  const parts = partsOf(view, columns);
  const rest = Math.max(0, columns - widthOfAll(parts));
  return (
    <Text wrap="truncate">
      {parts.map(({ text, color }) => (
        <Text key={text}>
          <Text dimColor>{SEPARATOR}</Text>
          <Text {...(color ? { color } : {})}>{` ${text} `}</Text>
        </Text>
      ))}
      <Text dimColor>{"─".repeat(rest)}</Text>
    </Text>
  );
}
