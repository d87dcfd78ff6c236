// just bench threads: the cost of a message from one thread to another.
import { cpus } from "node:os";
import { readOptions, UsageError } from "../../cli.ts";
import { measureMessages } from "./messages.ts";

const USAGE = `
just bench threads [options]

Measures messages from one thread to another, each way of sending in turns, and prints
the medians.

  -r, --rounds N  how often each is measured (5)
  -h, --help      prints this
`;
const COUNT = 2_000_000;

/** Measures and prints. @returns 0, the exit code. @throws {UsageError} */
export async function benchThreads(): Promise<number> {
  const { values, positionals } = readOptions(USAGE, {
    options: { rounds: { type: "string", short: "r", default: "5" } },
  });
  if (positionals.length > 1)
    throw new UsageError(`Cannot measure "${positionals.slice(1).join(" ")}" by threads`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError(`Cannot measure ${values.rounds} rounds: 1 or more`);
  console.log("                ns a message   wakes per 100 messages");
  for (const { way, ns, asleep } of await measureMessages(rounds, COUNT)) {
    const part = asleep === undefined ? "" : asleep.toFixed(3);
    console.log(`${way.padEnd(16)}${ns.toFixed(0).padStart(12)}   ${part}`.trimEnd());
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  console.log(`just bench ${process.argv.slice(2).join(" ")}`);
  console.log(`${machine}; medians of ${rounds}`);
  return 0;
}
