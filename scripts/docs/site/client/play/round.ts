// One move of a duel: shown once if both servers answered alike, otherwise side by side.
import { diffArrays } from "diff";
import { el } from "./dom.ts";
import type { Play, Seen } from "./side.ts";

/** The answer of one server. */
interface Answer {
  /** `07`. */
  readonly step: string;
  readonly seen: readonly Seen[];
}

/** Something seen, and whether only this server's clients saw it. */
interface Marked extends Seen {
  readonly isOnly: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  connect: "connects",
  finish: "ends its side",
  reset: "resets",
};

/** `ann › hello`, `ann resets`. */
export function describePlay({ who, move, text }: Play): string {
  return move === "line" ? `${who} › ${text}` : `${who} ${WORDS[move] ?? move}`;
}

/** A row as one text, equal for servers that answered alike. */
const keyOf = ({ who, text }: Seen) => `${who} ${text}`;

/** @param order The order of the clients. Which one is served first is no difference. */
function sorted(seen: readonly Seen[], order: readonly string[]): readonly Seen[] {
  return seen.toSorted((a, b) => order.indexOf(a.who) - order.indexOf(b.who));
}

/** Whether the answers differ, and the element that shows them. */
export function drawRound(
  play: Play,
  [left, right]: readonly [Answer, Answer],
  order: readonly string[],
): { readonly parts: boolean; readonly element: HTMLElement } {
  const [a, b] = [sorted(left.seen, order), sorted(right.seen, order)];
  const changes = diffArrays(a.map(keyOf), b.map(keyOf));
  const parts = changes.some(({ added, removed }) => added || removed);
  const sides = parts
    ? [
        side(left.step, marked(a, changes, "removed"), order),
        side(right.step, marked(b, changes, "added"), order),
      ]
    : [
        side(
          `${left.step} and ${right.step}`,
          a.map((row) => ({ ...row, isOnly: false })),
          order,
        ),
      ];
  const move = el("p", { class: "duel-move" }, el("b", {}, describePlay(play)));
  if (parts) move.append(" ", el("mark", {}, "they part"));
  const element = el(
    "div",
    { class: parts ? "duel-round parts" : "duel-round" },
    move,
    el("div", { class: "duel-sides" }, ...sides),
  );
  return { parts, element };
}

/** Marks the rows that the other server did not have. */
function marked(
  seen: readonly Seen[],
  changes: ReturnType<typeof diffArrays<string>>,
  own: "added" | "removed",
): readonly Marked[] {
  const other = own === "added" ? "removed" : "added";
  const only = changes.flatMap((change) =>
    change[other] ? [] : change.value.map(() => change[own] ?? false),
  );
  return seen.map((row, index) => ({ ...row, isOnly: only[index] ?? false }));
}

function side(
  title: string,
  rows: readonly Marked[],
  order: readonly string[],
): HTMLElement {
  const shown = rows.map(({ who, kind, text, isOnly }) =>
    el(
      "p",
      {
        class: isOnly ? `${kind} only` : kind,
        style: `--hue:var(${who === "server" ? "--server" : `--client-${order.indexOf(who) + 1}`})`,
      },
      el("b", {}, who),
      " ",
      el("span", {}, text),
      isOnly ? el("span", { class: "unseen" }, " (only here)") : undefined,
    ),
  );
  const nothing = el("p", { class: "note" }, "nobody sees anything");
  return el(
    "div",
    {},
    el("p", { class: "duel-step" }, title),
    ...(shown.length > 0 ? shown : [nothing]),
  );
}
