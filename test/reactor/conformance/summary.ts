// The results of all cases on all platforms, as a table for a terminal.
import type { Outcome } from "./run.ts";

export interface Column {
  readonly poller: string;
  readonly how: string;
  readonly whyNot: string | undefined;
  readonly outcomes: readonly Outcome[];
}

const SIGNS = { passed: "yes", failed: "FAILED", deviates: "no *", "not run": "-" };

/** A row per case, a column per poller, then a reason for each cell that is not "yes". */
export function summaryOf(names: readonly string[], columns: readonly Column[]): string {
  const wide = Math.max(...names.map((name) => name.length));
  const widths = columns.map(({ poller, how }) => Math.max(poller.length, how.length, 6));
  const line = (first: string, cells: readonly string[]) =>
    [first.padEnd(wide), ...cells.map((cell, at) => cell.padEnd(widths[at] ?? 0))]
      .join("  ")
      .trimEnd();
  const ran = columns.map(({ whyNot, how }) => (whyNot === undefined ? how : "NOT RUN"));
  const rows = names.map((name) =>
    line(
      name,
      columns.map(({ outcomes }) => {
        const outcome = outcomes.find((one) => one.name === name);
        return outcome ? SIGNS[outcome.state] : "-";
      }),
    ),
  );
  return [
    line(
      "",
      columns.map(({ poller }) => poller),
    ),
    line("", ran),
    ...rows,
    ...columns.flatMap(notesOf),
  ].join("\n");
}

function notesOf({ poller, whyNot, outcomes }: Column): string[] {
  if (whyNot !== undefined) return [`${poller}: NOT RUN because ${whyNot}`];
  const count = (state: string) => outcomes.filter((one) => one.state === state).length;
  const total = `${poller}: ${count("passed")} of ${outcomes.length} cases passed`;
  const others = outcomes.filter(({ state }) => state !== "passed");
  return [total, ...others.map((one) => `  ${one.state}: ${one.name}: ${one.reason}`)];
}
