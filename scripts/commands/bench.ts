// just bench: puts servers under load, in turns, and reports what each delivers.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { exitOnSignals } from "../../behaviours/process-group.ts";
import {
  FILE_LOADS,
  HTTP_LOADS,
  LOAD_HELP,
  LOADS,
  type Load,
  parseLoad,
} from "../bench/load.ts";
import { plot } from "../bench/plot.ts";
import { benchPollers, isPollBench } from "../bench/poll/command.ts";
import { PINNED, runLoad, type Subject } from "../bench/run-load.ts";
import { expectRunning } from "../bench/running.ts";
import { findSubjects, fits, SUBJECT_HELP } from "../bench/subjects.ts";
import { type Summary, summarize } from "../bench/summary.ts";
import { toTable } from "../bench/table.ts";
import { benchThreads } from "../bench/threads/command.ts";
import { benchTimers } from "../bench/timers/command.ts";
import { INTERRUPTED, readOptions, run, UsageError } from "../cli.ts";
import { makeOutFolder } from "../out-folder.ts";
import { progress } from "../progress.ts";

const USAGE = `
just bench [SERVER …] [options]

Puts each SERVER under each LOAD, in turns (A B A B), and prints the medians. Ratios are
to the first server. Without a SERVER it measures the chat: naive 16 17 relay.

  just bench 16 17      two steps
  just bench http       node-http, hello and c-epoll, over HTTP
  just bench files      node-files, r5 and nginx, with files of three sizes
  just bench ./mine.ts  a file of yours
  just bench poll       what a wait costs, for each poller alone
  just bench wake       how soon a waiting thread wakes up
  just bench threads    what a message between threads costs
  just bench timers     what it costs to move one of 10 to 100,000 timers

  -l, --load LOADS      comma-separated names (all that the servers understand)
  -r, --rounds N        how often each is measured (5)
  -f, --for SECONDS     how long each time (2)
  -w, --wide            every figure: p50 and max, memory, the bench itself
  -o, --out DIR         writes bench.json and bench.svg there, with every figure
  -a, --addr HOST:PORT  measures a running server, together with --pid
      --pid PID         its process
  -h, --help            prints this

Each SERVER is one of${SUBJECT_HELP}

Each LOAD is one of${LOAD_HELP}
`;

await run(async () => {
  if (isPollBench(process.argv.slice(2))) return await benchPollers();
  if (process.argv[2] === "threads") return await benchThreads();
  if (process.argv[2] === "timers") return benchTimers();
  const { values, positionals } = readOptions(USAGE, {
    options: {
      load: { type: "string", short: "l" },
      rounds: { type: "string", short: "r", default: "5" },
      for: { type: "string", short: "f", default: "2" },
      out: { type: "string", short: "o" },
      wide: { type: "boolean", short: "w", default: false },
      addr: { type: "string", short: "a" },
      pid: { type: "string" },
    },
  });
  exitOnSignals(INTERRUPTED);
  const rounds = wholeNumber("rounds", values.rounds);
  const ms = 1000 * aboveZero("seconds", values.for);
  const pid = values.pid === undefined ? undefined : wholeNumber("pid", values.pid);
  const subjects = findSubjects(positionals, values.addr, pid);
  const usual = positionals.includes("files") ? FILE_LOADS : undefined;
  const loads = loadsFor(subjects, values.load?.split(",") ?? usual);
  for (const { running } of subjects) if (running) await expectRunning(running);
  if (values.out !== undefined) makeOutFolder(values.out);
  if (!PINNED)
    console.error("Server and bench share cores here: no taskset, or only one core");

  const began = new Date();
  const summaries: Summary[] = [];
  const broken = new Set<Subject>();
  for (const load of loads) {
    const fit = subjects.filter((subject) => fits(subject, load));
    if (fit.every((subject) => broken.has(subject))) continue;
    const answers = fit.map((subject) => ({
      subject: subject.name,
      answers: [] as Answers,
    }));
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, subject] of fit.entries()) {
        if (broken.has(subject)) continue;
        progress(`${load.name}: round ${round + 1} of ${rounds}, ${subject.name}`);
        const answer = await runLoad(subject, load, ms);
        answers[index]?.answers.push(answer);
        if ("notStarted" in answer) broken.add(subject);
      }
    }
    progress("");
    const summary = summarize(load, answers);
    summaries.push(summary);
    console.log(`${toTable(summary, values.wide)}\n`);
  }
  const words = process.argv
    .slice(2)
    .map((word) => (/[\s"]/.test(word) ? JSON.stringify(word) : word));
  const command = `just bench ${words.join(" ")}`.trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  console.log(`${command}\n${machine}; medians of ${rounds}, ${ms / 1000} s each`);
  if (values.out !== undefined) {
    const record = { command, machine, date: began.toISOString(), rounds, ms, summaries };
    writeFileSync(join(values.out, "bench.json"), `${JSON.stringify(record, null, 2)}\n`);
    writeFileSync(join(values.out, "bench.svg"), plot(summaries));
  }
  return summaries.some(({ rows }) => rows.some(({ errors }) => errors.length > 0))
    ? 1
    : 0;
});

type Answers = Awaited<ReturnType<typeof runLoad>>[];

/** The loads that the user named, or those that suit the servers. */
function loadsFor(subjects: readonly Subject[], names?: readonly string[]): Load[] {
  // What a file of the user's speaks is unknown: a chat is assumed, unless others speak HTTP.
  const known = subjects.filter(({ talks }) => talks !== undefined);
  const http = HTTP_LOADS.filter((name) =>
    known.some((one) => fits(one, parseLoad(name))),
  );
  const chat = http.length === 0 || known.some(({ talks }) => talks?.includes("talk"));
  const usual = [...(chat ? LOADS : []), ...http];
  const loads = (names ?? usual).map(parseLoad);
  for (const load of loads) {
    if (!subjects.some((subject) => fits(subject, load))) {
      throw new UsageError(
        `Cannot run "${load.name}": none of these servers understands it`,
      );
    }
  }
  return loads;
}

function wholeNumber(what: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UsageError(
    `Cannot use ${what} "${text}": it must be a whole number, 1 or more`,
  );
}

function aboveZero(what: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 3600) return value;
  throw new UsageError(`Cannot use ${what} "${text}": it must be more than 0`);
}
