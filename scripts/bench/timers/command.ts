// just bench timers: the cost of rescheduling a timer, with 10 to 100,000 of them.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { readOptions, UsageError } from "../../cli.ts";
import { makeOutFolder } from "../../out-folder.ts";
import { plotLines } from "../poll/lines.ts";
import { measureMoves } from "./moves.ts";

const USAGE = `
just bench timers [options]

Measures what it costs to move a timer before it expires, as a server does on each request:
r6's timers, r5's deadlines, and Node's, in turns, and prints the medians.

  -r, --rounds N  how often each is measured (5)
  -o, --out DIR   writes timers.json and timers.svg there
  -h, --help      prints this
`;
const SIZES = [10, 100, 1000, 10_000, 100_000];

/** Measures, prints, and writes. @returns 0, the exit code. @throws {UsageError} */
export function benchTimers(): number {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      rounds: { type: "string", short: "r", default: "5" },
      out: { type: "string", short: "o" },
    },
  });
  if (positionals.length > 1)
    throw new UsageError(`Cannot measure "${positionals.slice(1).join(" ")}" by timers`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError(`Cannot measure ${values.rounds} rounds: 1 or more`);
  if (values.out !== undefined) makeOutFolder(values.out);
  const series = measureMoves(SIZES, rounds);
  const heads = SIZES.map((size) => size.toLocaleString("en").padStart(9));
  console.log(`ns a move, of    ${heads.join("")} timers`);
  for (const { name, points } of series) {
    const cells = points.map(({ ns }) => ns.toFixed(0).padStart(9));
    console.log(`${name.padEnd(17)}${cells.join("")}`);
  }
  const command = `just bench ${process.argv.slice(2).join(" ")}`;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  console.log(`${command}\n${machine}; medians of ${rounds}`);
  if (values.out !== undefined) {
    const record = { command, machine, date: new Date().toISOString(), rounds, series };
    writeFileSync(
      join(values.out, "timers.json"),
      `${JSON.stringify(record, null, 2)}\n`,
    );
    writeFileSync(join(values.out, "timers.svg"), plotLines(series, LABELS));
  }
  return 0;
}

const LABELS = {
  title: "nanoseconds to move a timer",
  below: "timers",
  about: "What it costs to move a timer, by the way they are kept and how many there are",
};
