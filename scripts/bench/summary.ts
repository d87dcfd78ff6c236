// The medians of several runs, and their ratios to those of the first server.
import type { Load } from "./load.ts";
import type { Result } from "./result.ts";
import type { Answer } from "./worker.ts";

/** A figure of a load: its name, its unit, and how to read it from a result. */
interface Figure {
  readonly name: string;
  readonly digits: number;
  /** Shown only when every figure is asked for. */
  readonly more?: true;
  readonly of: (result: Result) => number | undefined;
}

/** The server's memory at the end, and how much of a core the bench used. */
const SERVER_AND_BENCH: readonly Figure[] = [
  {
    name: "MB",
    digits: 0,
    more: true,
    of: (r) => ("memory" in r ? r.memory / 1e6 : undefined),
  },
  {
    name: "bench cpu",
    digits: 2,
    more: true,
    of: (r) => ("ownCpu" in r ? r.ownCpu : undefined),
  },
];

const HTTP: readonly Figure[] = [
  { name: "requests/cpu-s", digits: 0, of: (r) => per(r, "requests", "cpu") },
  { name: "requests/s", digits: 0, of: (r) => per(r, "requests", "seconds") },
  { ...latency("p50", 2), more: true },
  latency("p99", 2),
  ...SERVER_AND_BENCH,
];

/** The figures of idle connections. */
const CROWD: readonly Figure[] = [
  {
    name: "bytes/client",
    digits: 0,
    of: (r) => ("memoryEach" in r ? r.memoryEach : undefined),
  },
  { name: "seconds", digits: 2, of: (r) => r.seconds },
  { name: "cpu-s", digits: 2, of: (r) => r.cpu },
];

/** The figures that each kind of load shows. Servers are compared by the first. */
export const FIGURES: Record<Result["kind"], readonly Figure[]> = {
  talk: [
    { name: "deliveries/cpu-s", digits: 0, of: (r) => per(r, "deliveries", "cpu") },
    { name: "deliveries/s", digits: 0, of: (r) => per(r, "deliveries", "seconds") },
    { ...latency("p50", 2), more: true },
    latency("p99", 2),
    { ...latency("max", 1), more: true },
    ...SERVER_AND_BENCH,
  ],
  idle: CROWD,
  storm: [
    { name: "seconds", digits: 2, of: (r) => r.seconds },
    { name: "cpu-s", digits: 2, of: (r) => r.cpu },
  ],
  churn: [
    { name: "cycles/cpu-s", digits: 0, of: (r) => per(r, "cycles", "cpu") },
    { name: "cycles/s", digits: 0, of: (r) => per(r, "cycles", "seconds") },
    { ...latency("p50", 2), more: true },
    latency("p99", 2),
  ],
  get: HTTP,
  file: HTTP,
  visit: HTTP,
  keep: CROWD,
};

export interface Row {
  readonly subject: string;
  /** The medians, in the order of FIGURES. */
  readonly medians: readonly number[];
  /** The first figure as a ratio to the first server's: the median over the rounds. */
  readonly ratio: number | undefined;
  /** The same for every figure. In some, such as p99, less is better. */
  readonly ratios: readonly (number | undefined)[];
  /** Lines checked, missing without a report, missing and reported, doubled: sums of all rounds. */
  readonly checked: number;
  readonly unreported: number;
  readonly reported: number;
  readonly doubled: number;
  /** Why rounds have no figures. */
  readonly errors: readonly string[];
}

export interface Summary {
  readonly load: string;
  readonly kind: Result["kind"];
  readonly rows: readonly Row[];
}

/** Combines the answers of all rounds. */
export function summarize(
  { name: load, kind }: Load,
  subjects: readonly { subject: string; answers: readonly Answer[] }[],
): Summary {
  const runs = subjects.map(({ subject, answers }) => ({
    subject,
    good: answers.map((answer) => (problemOf(answer) ? undefined : resultOf(answer))),
    all: answers.flatMap((answer) => resultOf(answer) ?? []),
    errors: [...new Set(answers.flatMap((answer) => problemOf(answer) ?? []))],
  }));
  const figures = FIGURES[kind];
  const base = runs[0];
  const rows = runs.map(({ subject, good, all, errors }) => {
    const ratios = figures.map(({ of }) =>
      median(
        good.flatMap((result, round) => {
          const other = base?.good[round];
          const [mine, theirs] = [result && of(result), other && of(other)];
          return mine === undefined || !theirs ? [] : [mine / theirs];
        }),
      ),
    );
    const talks = all.flatMap((result) => (result.kind === "talk" ? [result] : []));
    const sum = (of: (talk: (typeof talks)[number]) => number) =>
      talks.reduce((total, talk) => total + of(talk), 0);
    return {
      subject,
      medians: figures.map(
        ({ of }) =>
          median(good.flatMap((result) => (result && of(result)) ?? [])) ?? Number.NaN,
      ),
      ratio: ratios[0],
      ratios,
      checked: sum(({ checked }) => checked),
      unreported: sum(({ missing, reported, lostClients }) =>
        lostClients > 0 ? 0 : missing - reported,
      ),
      reported: sum(({ reported }) => reported),
      doubled: sum(({ doubled }) => doubled),
      errors,
    };
  });
  return { load, kind, rows };
}

/** @returns Undefined when there are no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function resultOf(answer: Answer): Result | undefined {
  return "result" in answer ? answer.result : undefined;
}

function problemOf(answer: Answer): string | undefined {
  if ("error" in answer) return answer.error;
  const { result } = answer;
  if ("lostClients" in result && result.lostClients > 0) return "it disconnects clients";
  if ("broken" in result && result.broken) return result.broken;
  return undefined;
}

/** A percentile, or the maximum, of how long lines, cycles or requests took. */
function latency(which: "p50" | "p99" | "max", digits: number): Figure {
  const of = (r: Result) => ("latency" in r ? r.latency[which] : undefined);
  return { name: `${which} ms`, digits, of };
}

function per(
  result: Result,
  what: "deliveries" | "cycles" | "requests",
  by: "cpu" | "seconds",
) {
  const amount = (result as unknown as Record<string, number>)[what];
  return amount === undefined || result[by] === 0 ? undefined : amount / result[by];
}
