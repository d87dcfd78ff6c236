// just bench poll, just bench wake: the cost of the pollers alone, without a server.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { Failure, readOptions, UsageError } from "../../cli.ts";
import { makeOutFolder } from "../../out-folder.ts";
import { plotWaits } from "./lines.ts";
import { measureCalls, measureWaits } from "./waits.ts";
import { measureWakes } from "./wakes.ts";

const USAGE = `
just bench poll | wake [options]

Measures all pollers that can run here, in turns, and prints the medians.

  just bench poll  what a wait costs, with 10 to 10,000 descriptors, one of them ready
  just bench wake  how soon a polling thread wakes up, and what waking it costs the caller

  -r, --rounds N  how often each is measured (5)
  -o, --out DIR   writes poll.json and poll.svg, or wake.json, there
  -h, --help      prints this
`;
const SIZES = [10, 30, 100, 300, 1000, 3000, 10_000];
/** Round trips between the two threads. */
const TRIPS = 20_000;

/** Whether the words after `just bench` name one of these. */
export function isPollBench(words: readonly string[]): boolean {
  return words[0] === "poll" || words[0] === "wake";
}

/** Measures, prints, and writes. @returns 0, the exit code. @throws {UsageError} @throws {Failure} */
export async function benchPollers(): Promise<number> {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      rounds: { type: "string", short: "r", default: "5" },
      out: { type: "string", short: "o" },
    },
  });
  const [what, ...others] = positionals;
  if (others.length > 0)
    throw new UsageError(`Cannot measure "${others.join(" ")}" by ${what}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new UsageError(`Cannot measure ${values.rounds} rounds: 1 or more`);
  }
  const pollers = availablePollers();
  if (pollers.length === 0) throw new Failure("Cannot measure: no poller can run here");
  if (values.out !== undefined) makeOutFolder(values.out);
  const command = `just bench ${process.argv.slice(2).join(" ")}`;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  const about = { command, machine, date: new Date().toISOString(), rounds };
  if (what === "poll") {
    const series = measureWaits(pollers, SIZES, rounds);
    const calls = measureCalls(rounds);
    console.log(`ns a wait   ${SIZES.map((size) => `${size}`.padStart(8)).join("")}`);
    for (const { poller, points } of series) {
      const cells = points.map(({ ns }) => ns.toFixed(0).padStart(8));
      console.log(`${poller.padEnd(12)}${cells.join("")}`);
    }
    for (const { name, ns } of calls) console.log(`${name}: ${ns.toFixed(0)} ns`);
    write("poll.json", `${JSON.stringify({ ...about, series, calls }, null, 2)}\n`);
    write("poll.svg", plotWaits(series));
  } else {
    const results = await measureWakes(pollers, rounds, TRIPS);
    console.log(
      "          round trip p50, p99 (µs)   asleep   a wake (ns): flagged, always",
    );
    for (const { poller, roundTrip, asleep, flagged, always } of results) {
      const trips = `${roundTrip.p50.toFixed(1)}, ${roundTrip.p99.toFixed(1)}`;
      const part = `${Math.round(asleep * 100)} %`.padEnd(9);
      const costs = `${flagged.toFixed(0)}, ${always.toFixed(0)}`;
      console.log(`${poller.padEnd(10)}${trips.padEnd(27)}${part}${costs}`);
    }
    write(
      "wake.json",
      `${JSON.stringify({ ...about, trips: TRIPS, results }, null, 2)}\n`,
    );
  }
  console.log(`${command}\n${machine}; medians of ${rounds}`);
  return 0;

  function write(name: string, text: string): void {
    if (values.out === undefined) return;
    writeFileSync(join(values.out, name), text);
  }
}
