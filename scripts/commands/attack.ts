// just attack flood: attacks a chat server as strangers on the internet do.
import { readFileSync } from "node:fs";
import { exitOnSignals } from "../../behaviours/process-group.ts";
import { type Server, startServer } from "../../behaviours/server.ts";
import { ALL_STEPS, dialectOf, STEPS, type Step } from "../../behaviours/steps.ts";
import { ATTACKS, type Attack } from "../attack/attacks.ts";
import { runAttack } from "../attack/run-attack.ts";
import { attackSlowly, slownessTable } from "../attack/slow-http.ts";
import { soak, trendsOf } from "../attack/soak.ts";
import { soakReport } from "../attack/soak-report.ts";
import { findSubjects, fits } from "../bench/subjects.ts";
import { asCalled } from "../caller.ts";
import {
  Failure,
  INTERRUPTED,
  misuse,
  NotFound,
  parsePort,
  readOptions,
  run,
  UsageError,
} from "../cli.ts";
import { exactStep, findStep, has, NUMBER, shortNameOf } from "../find-step.ts";
import { install, packagesOf, typeScriptFlags } from "../install.mjs";
import { commandOf, findRung, type Program, programOf, sharesLog } from "../programs.ts";
import { progress, progressTo } from "../progress.ts";
import { refusalOf } from "../refusal.ts";
import { started } from "../server-error.ts";

const USAGE = `
just attack [STEP] [ATTACK] [options]

Does to a chat server (steps 12 to 18, rungs, r9, m1) what strangers on the internet do, and
reports what a healthy client sees during the attack. Without an ATTACK it lists them; without
a STEP it attacks 18. Each ends by itself, within half a minute but for soak and slow, and
connects to 127.0.0.1 only.

  just attack                lists the attacks
  just attack flood          runs one against step 18, which it starts
  just attack 17 flood       the same against step 17, to compare; 18f is a rung
  just attack all            one after the other
  just attack soak           many clients come and go, for two minutes
  just attack r6 slow        slow HTTP clients, for a minute and a half (r5 to r8,
                             node-files, nginx); needs slowhttptest

  -p, --port P     attacks the server on this port, which must speak like STEP
      --for S      for soak: how long it measures, in seconds (120)
      --clients N  for soak: how many at a time (1000)
      --churn N    for soak: how many of a hundred are replaced a minute (600)
  -h, --help       prints this
`;
/** The first step that has a room to join and names to take. */
const FIRST = 12;
const SOAK = "soak";
const SLOW = "slow";
const NAMES = [...ATTACKS.map(({ name }) => name), SOAK, SLOW, "all"];

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      port: { type: "string", short: "p" },
      for: { type: "string" },
      clients: { type: "string" },
      churn: { type: "string" },
    },
  });
  const [stepName, attackName] = namesIn(positionals);
  exitOnSignals(INTERRUPTED);
  for (const name of ["for", "clients", "churn"] as const) {
    if (values[name] === undefined || attackName === SOAK) continue;
    const what = attackName === undefined ? "" : ` with ${attackName}`;
    throw new UsageError(`Cannot use --${name}${what}: only the attack soak takes it`);
  }
  if (attackName === SLOW && values.port !== undefined)
    throw new UsageError("Cannot use --port with slow: it starts the server itself");
  if (attackName === SLOW && stepName !== undefined) return attackHttp(stepName);
  const program = stepName === undefined ? undefined : programFor(stepName, attackName);
  if (program === undefined || attackName === undefined) {
    console.log(asCalled(list(stepName ?? `${STEPS.length}`)));
    return 0;
  }
  const port = values.port === undefined ? undefined : parsePort(values.port);
  if (attackName === SOAK) {
    if (port !== undefined)
      throw new UsageError("Cannot soak a running server: it is measured from inside");
    await installFor(program);
    return soakServer(program, {
      seconds: amount("for", values.for ?? "120", 86_400),
      clients: amount("clients", values.clients ?? "1000", 50_000),
      churn: amount("churn", values.churn ?? "600", 60_000),
    });
  }
  if (port === undefined) await installFor(program);
  const attacks = attackName === "all" ? ATTACKS : [attackNamed(attackName)];
  for (const attack of attacks) await attackServer(attack, program, port);
  return 0;
});

/** The step and the attack, either of which may be left out. */
function namesIn(words: readonly string[]): readonly string[] {
  const [first = "", second, ...more] = words;
  const isAttack = NAMES.includes(first);
  if (more.length > 0 || (isAttack && NAMES.includes(second ?? ""))) {
    throw misuse("Cannot run two attacks at once", USAGE);
  }
  if (!isAttack) return words;
  if (second === undefined) return [first === SLOW ? "r6" : `${STEPS.length}`, first];
  throw new UsageError(
    `Cannot attack: the step comes first: just attack ${second} ${first}`,
  );
}

/** @throws {UsageError} When the server does not serve files over HTTP. */
async function attackHttp(name: string): Promise<number> {
  const [subject] = findSubjects([name]);
  if (subject === undefined || !fits(subject, { kind: "file" })) {
    throw new UsageError(`Cannot attack ${name}: it serves no files over HTTP, try r6`);
  }
  const found = await attackSlowly(subject, progressTo);
  progress("");
  console.log(slownessTable(subject.name, found));
  return found.some(({ available }) => available === false) ? 1 : 0;
}

function list(name: string): string {
  const lines = ATTACKS.map(({ name, does }) => `  ${name.padEnd(8)} ${does}`);
  const soaks = `  ${SOAK.padEnd(8)} 1,000 clients come and go, and the server must not grow`;
  return [...lines, soaks, "", `Run one with: just attack ${name} flood`].join("\n");
}

/** A step or a rung. @throws {UsageError} When it has no chat to attack. */
function programFor(name: string, attackName?: string): Program {
  const rung = findRung(name);
  if (rung) return rung;
  const http = exactStep(name, ALL_STEPS);
  if (http?.speaks === "http") {
    throw new UsageError(
      `Cannot attack ${http.slug} as a chat: it speaks HTTP, try just attack r6 slow`,
    );
  }
  const chats = ALL_STEPS.filter(({ speaks }) => speaks !== "http");
  if (attackName === undefined) expectName(name);
  // The message for a number that is no step has the range of those that can be attacked.
  const isNone = NUMBER.test(name) && http === undefined;
  const step = findStep(name, isNone ? chats.filter(isVictim) : chats);
  if (dialectOf(step) < FIRST) {
    throw new UsageError(
      `Cannot attack ${step.slug}: it has no rooms yet, take 12 or later`,
    );
  }
  const program = programOf(step);
  if (sharesLog(program)) {
    throw new UsageError(
      `Cannot attack ${step.slug}: it takes two and a broker, try just faults ${shortNameOf(step)}`,
    );
  }
  return program;
}

/** @throws {NotFound} When a word that stands alone is not even a part of a step's name. */
function expectName(name: string): void {
  if (/\d/.test(name) || ALL_STEPS.some(({ slug }) => has(slug, name))) return;
  const names = [...NAMES, ...ALL_STEPS.map(({ slug }) => slug)];
  const problem = `Cannot attack "${name}": it is no step and no attack`;
  throw new NotFound(problem, name, names, "just attack");
}

/** Whether a chat has rooms, and runs alone. */
function isVictim(step: Step): boolean {
  return dialectOf(step) >= FIRST && !sharesLog(programOf(step));
}

/** @throws {NotFound} When there is no such attack. */
function attackNamed(name: string): Attack {
  const found = ATTACKS.find((attack) => attack.name === name);
  if (found) return found;
  const problem = `Cannot attack with "${name}": there is no such attack`;
  throw new NotFound(problem, name, NAMES, "just attack");
}

async function installFor({ file }: Program): Promise<void> {
  await install(packagesOf(file)).catch((error: Error) => {
    throw new Failure(error.message);
  });
}

async function attackServer(
  attack: Attack,
  program: Program,
  port: number | undefined,
): Promise<void> {
  const flags = flagsFor(program, attack.flags);
  const server: Server =
    port === undefined
      ? await started(
          program.slug,
          startServer({ command: [...commandOf(program), ...flags] }),
        )
      : { host: "127.0.0.1", port };
  const name = port === undefined ? [program.slug, ...flags].join(" ") : `port ${port}`;
  console.log(`${attack.name}: ${attack.does}\n  against ${name}`);
  console.log(`  look for: ${attack.look}\n`);
  progress(`${attack.name} …`);
  try {
    const report = await runAttack(attack, server);
    progress("");
    console.log(`${report.map((line) => `  ${line}`).join("\n")}\n`);
  } catch (error) {
    progress("");
    throw new Failure(
      `Cannot attack ${name}: ${refusalOf(error as NodeJS.ErrnoException)}`,
    );
  } finally {
    server.process?.kill("SIGKILL");
    await server.process?.ended;
  }
}

/** Those of the flags that the server knows. Each rung of 18 adds some. */
function flagsFor({ file }: Program, flags: Attack["flags"] = {}): string[] {
  const source = readFileSync(file, "utf8");
  return Object.entries(flags).flatMap(([name, value]) =>
    new RegExp(`^ +"?${name}"?: (?:number|seconds)\\(`, "m").test(source)
      ? [`--${name}`, value]
      : [],
  );
}

async function soakServer(
  program: Program,
  options: { seconds: number; clients: number; churn: number },
): Promise<number> {
  const flags = flagsFor(program, { rate: "0" });
  const { clients, seconds } = options;
  progressTo(
    `${program.slug}: ${clients} clients come and go, for ${Math.round(1.2 * seconds)} s`,
  );
  const subject = { file: [program.file, ...flags], node: typeScriptFlags() };
  const soaked = await soak({ ...subject, ...options, onProgress: progress });
  progress("");
  const trends = trendsOf(soaked);
  console.log(soakReport(program.slug, options, soaked, trends));
  return trends.some(({ grows }) => grows) ? 1 : 0;
}

/** @throws {UsageError} When it is not a whole number from 1 to `most`. */
function amount(option: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new UsageError(
    `Cannot set --${option} to "${text}": it must be a whole number from 1 to ${most}`,
  );
}
