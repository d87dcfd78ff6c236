// A summary as a table for the terminal.
import { FIGURES, type Summary } from "./summary.ts";

/** Columns apart by two blanks, numbers to the right; below, what has no figure. */
export function toTable({ load, kind, rows }: Summary): string {
  const talk = kind === "talk";
  const head = [load, "×", ...FIGURES[kind].map(({ name }) => name)];
  if (talk) head.push("checked", "missing", "told", "doubled");
  const cells = rows.map(
    ({ subject, ratio, medians, checked, untold, told, doubled }) => [
      subject,
      ratio === undefined ? "–" : ratio.toFixed(2),
      ...FIGURES[kind].map(({ digits }, index) =>
        grouped(medians[index] ?? Number.NaN, digits),
      ),
      ...(talk ? [checked, untold, told, doubled].map((count) => grouped(count, 0)) : []),
    ],
  );
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((row) => row[column]?.length ?? 0)),
  );
  const lines = [head, ...cells].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  const errors = rows.flatMap(({ subject, errors }) =>
    errors.map((error) => `${subject}: ${error}`),
  );
  return [...lines, ...errors].join("\n");
}

function grouped(value: number, digits: number): string {
  if (Number.isNaN(value)) return "–";
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
