// A summary as a table for the terminal.
import { FIGURES, type Row, type Summary } from "./summary.ts";

/** What is wrong with lines: shown when there is any. */
const FAULTS: readonly (readonly [name: string, of: (row: Row) => number])[] = [
  ["missing", ({ untold }) => untold],
  ["reported missing", ({ told }) => told],
  ["doubled", ({ doubled }) => doubled],
];

/**
 * Columns apart by two blanks, numbers to the right; below, what has no figure.
 *
 * @param all Every figure; else those by which servers are compared, and faults.
 */
export function toTable({ load, kind, rows }: Summary, all = false): string {
  const figures = FIGURES[kind].flatMap(({ name, digits, more }, at) =>
    all || !more ? [{ name, of: (row: Row) => grouped(row.medians[at], digits) }] : [],
  );
  const faults = FAULTS.filter(
    ([, of]) => kind === "talk" && (all || rows.some((row) => of(row) > 0)),
  ).map(([name, of]) => ({ name, of: (row: Row) => grouped(of(row), 0) }));
  const checked = { name: "checked", of: (row: Row) => grouped(row.checked, 0) };
  const columns = [
    { name: load, of: ({ subject }: Row) => subject },
    { name: "×", of: ({ ratio }: Row) => grouped(ratio, 2) },
    ...figures,
    ...(all && kind === "talk" ? [checked] : []),
    ...faults,
  ];
  const table = [
    columns.map(({ name }) => spelled(name)),
    ...rows.map((row) => columns.map(({ of }) => of(row))),
  ];
  const widths = columns.map((_, at) =>
    Math.max(...table.map((row) => row[at]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, at) =>
        at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      )
      .join("  "),
  );
  const errors = rows.flatMap(({ subject, errors }) =>
    errors.map((error) => `${subject}: ${error}`),
  );
  return [...lines, ...errors].join("\n");
}

/** `deliveries/cpu-s` is the name in files and on pages. */
function spelled(name: string): string {
  return name
    .replace("/cpu-s", " per CPU-second")
    .replace("/s", " per second")
    .replace("/client", " per client")
    .replace(/^cpu-s$/, "CPU-seconds");
}

function grouped(value: number | undefined, digits: number): string {
  if (value === undefined || Number.isNaN(value)) return "–";
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
