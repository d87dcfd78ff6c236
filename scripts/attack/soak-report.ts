// The results of a soak test, as a table.
import type { Soaked, SoakOptions, Trend } from "./soak.ts";

/** A process that runs for less than this still grows by its compiled code. In seconds. */
const LONG_ENOUGH = 120;

/** A row for each value that must not grow: first, last, growth per hour, and its error. */
export function soakReport(
  name: string,
  { clients, churn, seconds }: Pick<SoakOptions, "clients" | "churn" | "seconds">,
  { samples, replaced }: Soaked,
  trends: readonly Trend[],
): string {
  const of = `${number(clients)} clients, ${churn} % of them replaced a minute`;
  const head = `${name}: ${of}; ${seconds} s, ${samples.length} samples, ${number(replaced)} replaced`;
  const columns = ["", "first", "last", "an hour", "error", ""];
  const rows = trends.map(({ what, first, last, slope, grows }) => {
    const show = what === "heap" || what === "rss" ? megabytes : number;
    const values = [first, last, slope.rate, slope.error].map(show);
    return [what, ...values, grows ? "GROWS" : "does not grow"];
  });
  const lines = [columns, ...rows].map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(at < 5 ? 12 : 0)))
      .join(" ")
      .trimEnd(),
  );
  if (seconds < LONG_ENOUGH && trends.some(({ grows }) => grows)) {
    lines.push(
      "Node itself grows in its first minutes; to see whether the server does, add:",
      `  --for ${LONG_ENOUGH}`,
    );
  }
  return [head, ...lines].join("\n");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function number(value: number): string {
  return (Math.round(value * 10) / 10).toLocaleString("en");
}
