// just bench: puts servers under load, in turns, and says what each delivers.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LOAD_HELP, LOADS, parseLoad } from "./bench/load.ts";
import { plot } from "./bench/plot.ts";
import { benchPollers, isPollBench } from "./bench/poll/command.ts";
import { PINNED, runLoad, type Subject } from "./bench/run.ts";
import { type Summary, summarize } from "./bench/summary.ts";
import { toTable } from "./bench/table.ts";
import { Misuse, parseAddress, readOptions, run } from "./cli.ts";
import { EXAMPLES, findStep } from "./steps.ts";

const USAGE = `
just bench [SERVER …] [--load LOAD,…] [--rounds N] [--for SECONDS] [--out DIR]
just bench poll | wake [--rounds N] [--out DIR]     the pollers by themselves

Puts each SERVER under each LOAD, in turns (A B A B), and prints the medians. Ratios are to
the first one. A SERVER is one of these; without any: naive 16 17, and relay for the talk.
  16                     a step, from 09 on
  17a … 17f              a rung between 16 and 17, each with one change more
  naive                  a chat with a write for each line and member
  naive-nagle            the same, its small writes gathered by the kernel
  relay                  the bench's ceiling: no chat, passes bytes on (loads of talk only)
  ./mine.ts              a file of yours
  "17 --jitless"         any of these with flags for Node; "NAME=value 17": with a setting

  -l, --load LOADS       names with commas between; all of ${LOADS.length} without it
  -r, --rounds N         how often each is measured (5)
  -f, --for SECONDS      how long each time (2)
  -o, --out DIR          writes bench.json and bench.svg there
  -a, --addr HOST:PORT   measures a server that runs, together with
      --pid PID          its process

The loads:${LOAD_HELP}
`;
const NAIVE = fileURLToPath(new URL("./bench/naive.ts", import.meta.url));
const RELAY = {
  label: "relay",
  file: [fileURLToPath(new URL("./bench/relay.ts", import.meta.url))],
};
/** The servers between 16 and 17. */
const LADDER = join(EXAMPLES, "ladder");
/** Where tsx is, for a server that is started in another folder. */
const TSX = import.meta.resolve("tsx");

await run(async () => {
  if (isPollBench(process.argv.slice(2))) return await benchPollers();
  const { values, positionals } = readOptions(USAGE, {
    options: {
      load: { type: "string", short: "l", default: LOADS.join() },
      rounds: { type: "string", short: "r", default: "5" },
      for: { type: "string", short: "f", default: "2" },
      out: { type: "string", short: "o" },
      addr: { type: "string", short: "a" },
      pid: { type: "string" },
    },
  });
  const loads = values.load.split(",").map((name) => parseLoad(name).name);
  const rounds = wholeNumber("rounds", values.rounds);
  const ms = 1000 * aboveZero("seconds", values.for);
  const subjects = findSubjects(positionals, values.addr, values.pid);
  if (!PINNED)
    console.error("Server and bench share the cores here: no taskset, or one core");

  const began = new Date();
  const summaries: Summary[] = [];
  for (const load of loads) {
    // It knows no names, and nothing of who comes and goes.
    const fit = subjects.filter(
      ({ name }) => name !== RELAY.label || parseLoad(load).kind === "talk",
    );
    const answers = fit.map((subject) => ({
      subject: subject.name,
      answers: [] as Answers,
    }));
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, subject] of fit.entries()) {
        progress(`${load}: round ${round + 1} of ${rounds}, ${subject.name}`);
        answers[index]?.answers.push(await runLoad(subject, load, ms));
      }
    }
    progress("");
    const summary = summarize(load, answers);
    summaries.push(summary);
    console.log(`${toTable(summary)}\n`);
  }
  const words = process.argv
    .slice(2)
    .map((word) => (/[\s"]/.test(word) ? JSON.stringify(word) : word));
  const command = `just bench ${words.join(" ")}`.trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  console.log(`${command}\n${machine}; medians of ${rounds}, ${ms / 1000} s each`);
  if (values.out !== undefined) {
    mkdirSync(values.out, { recursive: true });
    const record = { command, machine, date: began.toISOString(), rounds, ms, summaries };
    writeFileSync(join(values.out, "bench.json"), `${JSON.stringify(record, null, 2)}\n`);
    writeFileSync(join(values.out, "bench.svg"), plot(summaries));
  }
  return summaries.some(({ rows }) => rows.some(({ errors }) => errors.length > 0))
    ? 1
    : 0;
});

type Answers = Awaited<ReturnType<typeof runLoad>>[];

function findSubjects(names: string[], addr?: string, pid?: string): Subject[] {
  if ((addr === undefined) !== (pid === undefined)) {
    throw new Misuse("Cannot measure a running server without both --addr and --pid");
  }
  if (addr !== undefined && pid !== undefined) {
    const running = { ...parseAddress(addr), pid: wholeNumber("pid", pid) };
    return [{ name: addr, running }, ...names.map(subjectOf)];
  }
  return (names.length > 0 ? names : ["naive", "16", "17", "relay"]).map(subjectOf);
}

function subjectOf(text: string): Subject {
  const words = text.split(" ").filter((word) => word !== "");
  const settings = words.filter((word) => /^\w+=/.test(word));
  const flags = words.filter((word) => word.startsWith("-"));
  const [name = "", ...others] = words.filter(
    (word) => !settings.includes(word) && !flags.includes(word),
  );
  if (others.length > 0) {
    throw new Misuse(`Cannot measure "${text}": it names ${others.length + 1} servers`);
  }
  const { label, file } = serverOf(name);
  const env = settings.length > 0 ? ["env", ...settings] : [];
  const command = [...env, process.execPath, ...flags, "--import", TSX, ...file];
  return { name: [...settings, label, ...flags].join(" "), command };
}

/** Where a server is that a person names, and what to call it. */
function serverOf(name: string): { label: string; file: string[] } {
  if (name === "naive") return { label: name, file: [NAIVE] };
  if (name === RELAY.label) return RELAY;
  if (name === "naive-nagle") return { label: name, file: [NAIVE, "nagle"] };
  const rung =
    /^17[a-z]$/.test(name) && readdirSync(LADDER).find((it) => it.startsWith(name));
  if (rung) return { label: rung.replace(".ts", ""), file: [join(LADDER, rung)] };
  if (/[/\\]|\.[mc]?[jt]s$/.test(name)) {
    if (!existsSync(name))
      throw new Misuse(`Cannot measure ${name}: there is no such file`);
    return { label: basename(name), file: [resolve(name)] };
  }
  const { slug, folder, number } = findStep(name);
  if (number < 9)
    throw new Misuse(`Cannot measure ${slug}: it has no names yet, take 09 or later`);
  return { label: slug, file: [join(folder, "server.ts")] };
}

function wholeNumber(what: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Misuse(`Cannot use ${what} "${text}": it must be a whole number, 1 or more`);
}

function aboveZero(what: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 3600) return value;
  throw new Misuse(`Cannot use ${what} "${text}": it must be more than 0`);
}

/** One line, written over and over; nothing where nobody looks. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
