// The servers of the reactor chapter as the tests start them: r1 to r4, r4 with each poller
// that runs here, and the solutions of their exercises, which must be as good.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, inject, onTestFinished, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { EXAMPLES } from "../../behaviours/steps.ts";
import { checked, library } from "../../examples/shared/poll/ffi.ts";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { usageOf } from "../../scripts/bench/usage.ts";
import { solutions } from "../../scripts/programs.ts";
import { ALL, someOf } from "../requirements.ts";

export interface Subject {
  readonly title: string;
  /** Of the step in the reactor chapter. */
  readonly number: number;
  /** The path of the JavaScript file below the folder of examples. */
  readonly file: string;
  readonly args: readonly string[];
}

const SLUGS = ["r1-blocking", "r2-nonblocking", "r3-epoll"];
const POLLERS = someOf(availablePollers()).map(({ name }) => name);

export const STEPS: readonly Subject[] = [
  ...SLUGS.map((slug, at) => {
    return { title: slug, number: at + 1, file: `${slug}/server.js`, args: [] };
  }),
  ...POLLERS.map((name) => ({
    title: `r4-poll with ${name}`,
    number: 4,
    file: "r4-poll/server.js",
    args: ["--poller", name],
  })),
];

export const SOLUTIONS: readonly Subject[] = solutions()
  // From r5 on connections are persistent, and have separate tests.
  .filter(({ step }) => step?.part === "reactor" && step.number < 5)
  .map(({ slug, file, step }) => ({
    title: slug,
    number: step?.number ?? 0,
    file: relative(EXAMPLES, file).replace(/ts$/, "js"),
    args: [],
  }));

/** The solutions differ in a few lines only: they run with --all. */
export const SERVERS: readonly Subject[] = ALL ? [...STEPS, ...SOLUTIONS] : STEPS;

export const HELLOS: readonly Subject[] = POLLERS.map((name) => ({
  title: `hello with ${name}`,
  number: 4,
  file: "r4-poll/hello.js",
  args: ["--poller", name],
}));

export interface StartOptions {
  /** Words before the command, such as a shell that sets limits. */
  readonly before?: readonly string[];
  /** A module next to this one that the server loads first. */
  readonly preload?: string;
  readonly env?: Record<string, string>;
}

/** Starts a server; it ends with the test. */
export async function start(subject: Subject, options: StartOptions = {}) {
  const { port, process } = await startAlone(subject, options);
  onTestFinished(async () => {
    process.kill("SIGKILL");
    await process.ended;
  });
  return { port, pid: process.pid, output: process.output };
}

/** Starts a server, which the caller ends. */
export function startAlone(
  { file, args }: Subject,
  { before = [], preload, env = {} }: StartOptions = {},
): Promise<Required<Server>> {
  const module = preload && fileURLToPath(new URL(preload, import.meta.url));
  const flags = module ? ["--import", module] : [];
  const program = join(inject("built"), file);
  const command = [...before, process.execPath, ...flags, program, ...args];
  return startServer({ command, env });
}

/** A behaviour of some servers, each in a new process. */
export function serves(
  title: string,
  subjects: readonly Subject[],
  run: (subject: Subject) => Promise<void>,
): void {
  describe(title, () => {
    for (const subject of subjects) test(subject.title, () => run(subject));
  });
}

export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** RLIMIT_NOFILE on Linux: new descriptors of the process stay below it. */
const RLIMIT_NOFILE = 7;

/** Sets the limit of a process. @returns The previous limit (prlimit(2)). */
export function limitDescriptors(pid: number, limit: number): number {
  const prlimit = library().fn(
    "int prlimit(int pid, int resource, void *limit, void *before)",
  );
  // Two numbers: soft, hard.
  const before = new BigUint64Array(2);
  checked("ask for a limit", prlimit(pid, RLIMIT_NOFILE, null, before));
  const [soft = 0n, hard = 0n] = before;
  const after = BigUint64Array.of(BigInt(limit), hard);
  checked("set a limit", prlimit(pid, RLIMIT_NOFILE, after, null));
  return Number(soft);
}

/** The descriptor that the process will open next. */
export function nextDescriptor(pid: number): number {
  const taken = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (taken.has(free)) free += 1;
  return free;
}

/** Seconds of a core: much more than a sleeping server uses. */
export const SPIN = 0.3;

/** Waits until an r2 without clients has used SPIN seconds of a core. */
export async function whileOneSpins(): Promise<void> {
  const spinner = STEPS.find(({ number }) => number === 2);
  if (!spinner) throw new Error("r2 is missing");
  const { pid } = await start(spinner);
  const began = usageOf(pid).cpu;
  await until(() => usageOf(pid).cpu - began > SPIN);
}

/** Polls until `holds`, with pauses; the test's own timeout is the limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
