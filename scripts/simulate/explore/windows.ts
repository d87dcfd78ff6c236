// What each actor saw of each room, from joining to leaving; and whether the views agree.
import type { Account } from "./actor.ts";

/** A part of a room's history, as one actor saw it. */
interface Window {
  readonly label: string;
  readonly room: string;
  readonly lines: readonly string[];
}

/** Answers that only the client itself gets. They are not part of the room's history. */
const PRIVATE =
  /^(?:Server commands$| {2}\/|You |Rooms - |Users - |Unrecognized command |\S+ is already taken$|Room must|Name must|Lines (?:can only|must) be |Messages can only be )/;
/** From this line on an actor misses lines, because it was too slow. */
const GAP = /^Server is very busy/;

/** The windows of all actors. */
export function windowsOf(accounts: readonly Account[], step: number): Window[] {
  return accounts.flatMap(({ label, seen, moves }) =>
    moves.map(({ at, room }, index): Window => {
      const lines = seen.slice(at, moves[index + 1]?.at);
      const gap = lines.findIndex((line) => GAP.test(line));
      const whole = gap === -1 ? lines : lines.slice(0, gap);
      const ours = whole.filter((line) => !PRIVATE.test(line));
      // In steps 12 to 16 the line that announces the next room ends this window.
      const isLast = index === moves.length - 1;
      if (step <= 16 && step >= 12 && !isLast) ours.pop();
      return { label, room, lines: ours };
    }),
  );
}

/**
 * Aligns every two windows of a room: where they overlap, they must be equal.
 *
 * ```text
 *   ann   a1  b1  Eve joined  b2  e1  a2
 *   eve                       b2  e1  a2  b3
 *                             └─ equal ─┘
 * ```
 *
 * @returns How two of them differ.
 */
export function compareWindows(
  accounts: readonly Account[],
  step: number,
): string | undefined {
  const windows = windowsOf(accounts, step);
  for (const [index, a] of windows.entries()) {
    const places = new Map(a.lines.map((line, place) => [line, place]));
    for (const b of windows.slice(index + 1)) {
      if (b.room !== a.room || b.label === a.label) continue;
      const how = compare(a, b, places);
      if (how !== undefined) return how;
    }
  }
  return undefined;
}

function compare(a: Window, b: Window, places: Map<string, number>): string | undefined {
  // A line that a client said is unique, so it shows how to align the two.
  const anchor = b.lines.findIndex((line) => / \d+ in /.test(line) && places.has(line));
  if (anchor === -1) return undefined;
  const shift = (places.get(b.lines[anchor] as string) ?? 0) - anchor;
  const end = Math.min(a.lines.length, b.lines.length + shift);
  for (let place = Math.max(0, shift); place < end; place += 1) {
    const [seen, other] = [a.lines[place], b.lines[place - shift]];
    if (seen === other) continue;
    return `in ${a.room}, ${a.label} sees "${seen}" where ${b.label} sees "${other}"`;
  }
  return undefined;
}
