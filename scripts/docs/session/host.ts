// The server that a session talks to: which program it is, how its client can tell that
// nothing more comes, and its process.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type ServerProcess, startServer } from "../../../behaviours/server.ts";
import { ALL_STEPS, EXAMPLES, filesOf, ROOT } from "../../../behaviours/steps.ts";
import { Failure, UsageError } from "../../cli.ts";
import { findProgram, type Program, sharesLog } from "../../programs.ts";

/**
 * How to prove that nothing is on its way to a client: it asks for something of which it
 * knows the answer, and that is what comes next.
 *
 * A server of 01 to 04 answers every text; from 05 on `/help` is answered to its client
 * alone. In one turn of its loop a server writes all that a message brings to anyone, so
 * an answer to what was sent later comes after all of it.
 */
export type Probe =
  | { readonly kind: "text"; readonly asks: string }
  | { readonly kind: "help"; readonly asks: string; readonly answer: string }
  | { readonly kind: "none" };

export interface Host {
  readonly program: Program;
  /** It answers what it reads, wherever a line may end: 01 to 03, and those of HTTP. */
  readonly byBytes: boolean;
  readonly probe: Probe;
  /** It reads a log at a broker: a session with it has two servers, A and B. */
  readonly sharesLog: boolean;
}

/**
 * Math.random that says the same in every run: names keep their alphabetic order. Ann is
 * SunlitYak, then come EminentBear and BlitheBison; from 17 on KindEgret and BelovedLion.
 */
const DICE = diceOf(458);
/** For the second of two servers: other names, in their order too. */
export const OTHER_DICE = diceOf(460);

function diceOf(state: number): string {
  return `data:text/javascript,${encodeURIComponent(`
  let state = ${state};
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
`)}`;
}

/**
 * The server that a session names: a step, a solution as `06.2`, or a file.
 *
 * @throws {UsageError} When there is none of that name.
 */
export function findHost(name: string): Host {
  const program = name.endsWith(".ts") ? fileProgram(name) : findProgram(name);
  const speaks = program.step?.speaks;
  const byBytes = speaks === "bytes" || speaks === "http";
  const probe = probeOf(program);
  return { program, byBytes, probe, sharesLog: sharesLog(program) };
}

function fileProgram(path: string): Program {
  const file = join(ROOT, path);
  if (!existsSync(file))
    throw new UsageError(`Cannot find the server: there is no ${path}`);
  const slug = path.replace(/\.ts$/, "");
  const within = relative(EXAMPLES, file);
  const step = ALL_STEPS.find(({ slug }) => within === join(slug, "server.ts"));
  return { kind: "step", slug, file, step };
}

function probeOf({ step, file }: Program): Probe {
  if (step === undefined || step.speaks === "http") return { kind: "none" };
  if (!filesOf(step).includes("help.txt")) return { kind: "text", asks: "~~~" };
  const path = /HELP = readFileSync\(new URL\("([^"]+)"/.exec(
    readFileSync(file, "utf8"),
  )?.[1];
  if (path === undefined) return { kind: "none" };
  const answer = readFileSync(join(dirname(file), path), "utf8");
  return { kind: "help", asks: "/help", answer };
}

export interface HostOptions {
  /** The folder of the examples as JavaScript, when they were built; else tsx loads them. */
  readonly built?: string | undefined;
  /** Modules that the server's process loads before it. */
  readonly imports?: readonly string[];
  /** What the server is started with: `--rate 0`, as words. */
  readonly flags?: readonly string[];
  readonly env?: Record<string, string>;
  /** What it takes for chance. */
  readonly dice?: string;
}

/** A host that runs. */
export interface RunningHost {
  readonly host: string;
  readonly port: number;
  readonly process: ServerProcess;
}

/**
 * Starts the server, in a process of its own.
 *
 * @throws {Failure} When it ends before it listens.
 */
export async function startHost(
  { program }: Host,
  { built, imports = [], flags = [], env = {}, dice = DICE }: HostOptions,
): Promise<RunningHost> {
  const javascript =
    built && join(built, relative(EXAMPLES, program.file).replace(/\.ts$/, ".js"));
  const isBuilt = javascript !== undefined && existsSync(javascript);
  const file = isBuilt ? javascript : program.file;
  const modules = [...(isBuilt ? [] : [import.meta.resolve("tsx")]), dice, ...imports];
  const loaded = modules.flatMap((module) => ["--import", module]);
  const command = [process.execPath, ...loaded, file, ...flags];
  try {
    return await startServer({ command, env });
  } catch (error) {
    const [, ...output] = (error as Error).message.split("\n");
    throw new Failure(
      `Cannot start ${program.slug}: it does not listen\n${output.join("\n")}`,
    );
  }
}
