// A summary as a table for the terminal.
import { FIGURES, type Row, type Summary } from "./summary.ts";

/** Lines that are wrong, by kind. A kind is shown when there are any. */
const FAULTS: readonly (readonly [name: string, of: (row: Row) => number])[] = [
  ["missing", ({ unreported }) => unreported],
  ["reported missing", ({ reported }) => reported],
  ["doubled", ({ doubled }) => doubled],
];

/**
 * Columns are two spaces apart, and numbers are right-aligned. Errors follow the table.
 *
 * @param all Whether to show every figure, or only those that servers are compared by, and faults.
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

/** The heading of a column. Files and pages use the short name, such as `deliveries/cpu-s`. */
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
