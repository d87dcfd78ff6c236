// Runs the cases over one proactor, and prints a line of JSON for each: `run.ts NAME [CASE]`,
// where NAME is `uring`, `iocp`, or the name of a poller for the adapter over it.
import { writeSync } from "node:fs";
import { ReadinessProactor } from "../../../examples/shared/poll/completion/adapter.ts";
import type { Proactor } from "../../../examples/shared/poll/completion/proactor.ts";
import { PROACTORS } from "../../../examples/shared/poll/completion/proactors.ts";
import { openPoll, POLLERS } from "../../../examples/shared/poll/readiness/pollers.ts";
import { Broken, NotHere } from "../conformance/case.ts";
import type { Outcome } from "../conformance/run.ts";
import { WORKING } from "./cases.ts";
import { ENDING } from "./cases-closing.ts";
import { FAULTS } from "./cases-faults.ts";
import { WAITING } from "./cases-waiting.ts";
import { type ProactorCase, ProactorContext } from "./context.ts";

export const PROACTOR_CASES = [...WORKING, ...ENDING, ...FAULTS, ...WAITING];

const ADAPTER = "adapter:";

/** What can run: the kernels' proactors, and the adapter over each poller. */
export const SUBJECTS: readonly string[] = [
  ...PROACTORS.map(({ name }) => name).filter((name) => name !== "adapter"),
  ...POLLERS.map(({ name }) => `${ADAPTER}${name}`),
];

function openSubject(name: string): Proactor {
  const kind = PROACTORS.find((one) => one.name === name);
  if (kind) return kind.open();
  return new ReadinessProactor(openPoll({ poller: name.slice(ADAPTER.length) }));
}

/** Runs one case. */
export async function runCase(
  { name, run, deviates = {} }: ProactorCase,
  subject: string,
  context = new ProactorContext(() => openSubject(subject)),
): Promise<Outcome> {
  try {
    await run(context);
    return { name, state: "passed" };
  } catch (error) {
    const known = deviates[`${subject} on ${process.platform}`];
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

const [subject, only = ""] = process.argv.slice(2);
if (subject !== undefined && /proactor.run\.[jt]s$/.test(process.argv[1] ?? "")) {
  await main(subject);
}

/** Tries to open it. @returns Why it cannot run here; undefined when it can. */
export function whyNoSubject(name: string): string | undefined {
  try {
    openSubject(name).end();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(name: string): Promise<void> {
  const why = whyNoSubject(name);
  print({ poller: name, why });
  if (why !== undefined) return;
  for (const one of PROACTOR_CASES) {
    if (one.name.includes(only)) print(await runCase(one, name));
  }
}

/** Prints a line synchronously, whatever stdout is. */
function print(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
