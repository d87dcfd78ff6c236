// Runs the cases over one poller, and prints a line of JSON for each: `run.ts POLLER [NAME]`.
// It needs only Node and koffi: it also runs where there is no test runner.
import { writeSync } from "node:fs";
import {
  POLLERS,
  unavailableReason,
} from "../../../examples/shared/poll/readiness/pollers.ts";
import { systemSockets } from "../../../examples/shared/poll/system-sockets.ts";
import { CASES } from "./all.ts";
import { Broken, type Case, type Need, NotHere } from "./case.ts";
import { type Environment, OpenContext } from "./context.ts";
import { systemFaults } from "./faults.ts";

/** The result of a case. */
export interface Outcome {
  readonly name: string;
  readonly state: "passed" | "failed" | "deviates" | "not run";
  /** The reason, unless it passed. */
  readonly reason?: string;
}

/** Runs one case. */
export async function runCase(
  { name, run, needs = [], deviates = {} }: Case,
  environment: Environment,
  has: ReadonlySet<Need>,
): Promise<Outcome> {
  const lacks = needs.filter((need) => !has.has(need));
  if (lacks.length > 0)
    return { name, state: "not run", reason: `no ${lacks.join(", no ")} here` };
  const context = new OpenContext(environment);
  try {
    await run(context);
    return { name, state: "passed" };
  } catch (error) {
    const known = deviates[`${environment.poller} on ${process.platform}`];
    if (known && error instanceof Broken) {
      return { name, state: "deviates", reason: `${known} (${error.message})` };
    }
    const state = error instanceof NotHere ? "not run" : "failed";
    const expected = error instanceof NotHere || error instanceof Broken;
    const { message, stack } = error as Error;
    return { name, state, reason: expected ? message : (stack ?? message) };
  } finally {
    await context.end();
  }
}

const [name, only = ""] = process.argv.slice(2);
if (name !== undefined && /run\.[jt]s$/.test(process.argv[1] ?? "")) await main(name);

async function main(name: string): Promise<void> {
  const poller = POLLERS.find((one) => one.name === name);
  const why = poller ? unavailableReason(poller) : `there is no poller "${name}"`;
  if (poller === undefined || why !== undefined) {
    print({ poller: name, why });
    return;
  }
  print({ poller: name });
  const environment: Environment = {
    poller: name,
    sockets: systemSockets(),
    open: () => poller.open(),
    faults: systemFaults,
    now: () => performance.now(),
  };
  // Windows has no signals.
  const has = new Set<Need>(["kernel", "threads"]);
  if (process.platform !== "win32") has.add("signals");
  for (const one of CASES) {
    if (one.name.includes(only)) print(await runCase(one, environment, has));
  }
}

/** Prints a line synchronously, whatever stdout is. */
function print(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
