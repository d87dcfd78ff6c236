// A thread that explores seeds, one after the other.
import { parentPort, workerData } from "node:worker_threads";
import { WEATHERS } from "../kernel/weather.ts";
import { Machine } from "../machine.ts";
import { behave, behavioursOf, EACH } from "./behave.ts";
import { explore, type Question, type Verdict } from "./explore.ts";
import type { Broken } from "./rules.ts";
import { describeSession } from "./session.ts";
import { shrink } from "./shrink.ts";
import type { Finding, Order, Report, SeedReport, Task } from "./task.ts";

/** The most lines of an account that are shown. */
const SHOWN = 30;

const task = workerData.task as Task;
const weather = WEATHERS.find(({ name }) => name === task.weather);
const edits = new Map(task.edits);
const send = (report: Report) => parentPort?.postMessage(report);
/** What any server of these steps sends to all: it shows nothing. */
const HELP = /^(?:Server commands$| {2}\/)/;

// What a program on the machine does not handle, the host reports: it is an error of that
// program, and ends it.
process.on("unhandledRejection", (error) => Machine.rejected(error));

parentPort?.on("message", (order: Order) => {
  const work = order.do === "seed" ? reportOf(order.seed) : findingOf(order);
  work.then(send, (error: Error) =>
    send({ of: "failure", seed: order.seed, message: `${error.stack}` }),
  );
});

function questionOf(seed: number): Question {
  return { step: task.step, seed, weather, edits };
}

async function reportOf(seed: number): Promise<Report> {
  const { broken, virtualMs, lines, turns, resets } = await explore(questionOf(seed));
  const fallen = await behave(task.step, seed, weather, edits);
  const held = Math.min(EACH, (await behavioursOf(task.step)).length);
  const report: SeedReport = {
    ...{ seed, broken, fallen, held },
    ...{ virtualMs, lines, turns, resets },
  };
  return { of: "seed", report };
}

async function findingOf({
  seed,
  rule,
}: {
  seed: number;
  rule: string;
}): Promise<Report> {
  const question = questionOf(seed);
  const found = await explore(question);
  const shortest = await shrink(question, found, rule);
  const broken = shortest.broken.find((one) => one.rule === rule) as Broken;
  return { of: "shrink", finding: describe(found.seed, broken, shortest) };
}

/** Lines that are the same as the one before, counted. */
function withoutRepeats(lines: readonly string[]): string[] {
  const counted: { line: string; count: number }[] = [];
  for (const line of lines) {
    const last = counted.at(-1);
    if (last?.line === line) last.count += 1;
    else counted.push({ line, count: 1 });
  }
  return counted.map(({ line, count }) =>
    count > 1 ? `${line} (${count} times)` : line,
  );
}

function describe(seed: number, broken: Broken, verdict: Verdict): Finding {
  const seen = verdict.accounts.flatMap(({ label, seen, end }) => {
    const lines = withoutRepeats(seen.filter((line) => !HELP.test(line)));
    const more = lines.length - SHOWN;
    return [
      ...(more > 0 ? [`${label} … (${more} lines)`] : []),
      ...lines.slice(-SHOWN).map((line) => `${label} ← ${line}`),
      ...(end ? [`${label} · ${end}`] : []),
    ];
  });
  const output = verdict.output.trimEnd().split("\n").slice(1, SHOWN);
  return {
    ...broken,
    seed,
    weather: verdict.weather.name,
    session: describeSession(verdict.session),
    accounts: [...seen, ...output.map((line) => `server: ${line}`)],
  };
}
