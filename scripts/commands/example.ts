// just example N: runs a step, the solution of an exercise, an aside, or a file of the user.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import {
  Failure,
  misuse,
  NotFound,
  parsePort,
  readOptions,
  run,
  splitArgs,
  UsageError,
} from "../cli.ts";
import { install, packagesOf, typeScriptFlags } from "../install.mjs";
import { findNats } from "../machines/broker.ts";
import { runPair } from "../machines/pair.ts";
import { checkPort } from "../ports.ts";
import {
  commandOf,
  findFile,
  findProgram,
  type Program,
  sharesLog,
} from "../programs.ts";

const USAGE = `
just example N [options] [-- options of the step]

Runs a step, a solution or an aside, until Ctrl-C. N is a number, a name, or a part of one.
It may also be your own file, in TypeScript or JavaScript.
A server listens on 127.0.0.1, port 42069.

  just example 6             step 06; r3 is one of the reactor part
  just example kinda         step 07, by a part of its name
  just example 6.2           the solution of its exercise 2
  just example promise-race  a small program from a page
  just example mine.ts       your own file
  just example m2            two servers and a broker, or BROKER=HOST:PORT

  -p, --port P       another port; 0 for any free one
  -w, --watch        restarts it when one of its files is saved
      --poller NAME  from r4 on: epoll, kqueue, poll, uring, …
  -h, --help         prints this
`;
/** Matches the source of programs that read options, and refuse those that they do not have. */
const READS_OPTIONS = /\b(parseArgs|commandLine|readOptions)\(/;
/** Prints the position of a syntax error, and no stack trace. */
const SYNTAX_ERRORS = new URL("../syntax-errors.mjs", import.meta.url).href;

const OPTIONS = {
  port: { type: "string", short: "p" },
  watch: { type: "boolean", short: "w", default: false },
  poller: { type: "string" },
} as const;

await run(async () => {
  const { ours, theirs: more } = splitArgs(process.argv.slice(2), OPTIONS);
  const { values, positionals } = readOptions(USAGE, { args: ours, options: OPTIONS });
  const [name] = positionals;
  if (name === undefined) throw misuse("Cannot run a step: which?", USAGE);
  const port = parsePort(values.port ?? process.env["PORT"] ?? "42069");
  const { program, nats } = withBroker(findFile(name) ?? findProgram(name));
  const { slug } = program;
  const source = readFileSync(program.file, "utf8");
  if (values.port !== undefined && !/PORT|listening on /.test(source))
    throw new UsageError(`Cannot use --port with ${slug}: it is no server`);
  if (values.poller !== undefined) more.push("--poller", values.poller);
  expectOptions(slug, source, more);
  const { watch } = values;
  const packages = [...packagesOf(program.file), ...(watch ? ["tsx"] : [])];
  await install(packages).catch((error: Error) => {
    throw new Failure(error.message);
  });
  // An aside may be a server, and a solution need not be one.
  if (source.includes("listening on ")) await checkPort(port, `Cannot start ${slug}`);
  if (nats !== undefined) {
    const second = `Cannot start the second ${slug}`;
    if (port === 65535) throw new UsageError(`${second}: there is no port 65536`);
    if (port !== 0) await checkPort(port + 1, second);
    if (watch)
      throw new UsageError(`Cannot watch ${slug}: it is two servers and a broker`);
    const command = [...commandOf(program), ...more];
    const onListening = (address: string) =>
      console.log(`${hintFor(program, address)}; Ctrl-C ends both`);
    return runPair({ command, port, nats, onListening });
  }
  return start(program, { port, watch, more });
});

/**
 * Checks the options of a program that would ignore unknown ones.
 *
 * @throws {NotFound} For the first that it does not have.
 */
function expectOptions(slug: string, source: string, given: readonly string[]): void {
  if (READS_OPTIONS.test(source)) return;
  const has = [...source.matchAll(/argv\.includes\("(--\w+)"\)/g)].map(
    ([, one = ""]) => one,
  );
  const unknown = given.find((one) => !has.includes(one));
  if (unknown === undefined) return;
  const ours = Object.keys(OPTIONS).map((one) => `--${one}`);
  const names = [...has, ...ours].filter((one) => one !== unknown);
  const others =
    unknown === "--poller" ? "; r4 and the later ones of its part have it" : "";
  const problem = `Cannot run ${slug} with ${unknown}: it has no such option${others}`;
  throw new NotFound(problem, unknown, names, "just example --help");
}

/**
 * The program to run when the requested one needs a broker and none is named: two of it with
 * their own broker, if nats-server is installed; otherwise the same chat with its own log.
 */
function withBroker(program: Program): { program: Program; nats?: string | undefined } {
  if (!sharesLog(program) || process.env["BROKER"] !== undefined) return { program };
  const nats = findNats();
  if (nats !== undefined || program.kind === "file") return { program, nats };
  console.log(
    "There is no nats-server here, so this is m1, one server on its own log. " +
      "To run m2: apt-get install nats-server, or https://nats.io/download",
  );
  return { program: findProgram("m1") };
}

/** How to connect to a server that listens at `address`, which is a port or `host:port`. */
function hintFor({ step }: Program, address: string): string {
  if (step?.speaks === "http") {
    const host = address.includes(":") ? address : `127.0.0.1:${address}`;
    return `open http://${host}/ in a browser, or: curl http://${host}/`;
  }
  const target = address === "42069" ? "" : ` ${address}`;
  // From 09 on there are names and, later, rooms, which a screen can show.
  const or = step?.speaks === "chat" ? `, or just chat${target}` : "";
  return asCalled(`connect from another terminal: just telnet${target}${or}`);
}

/** Runs the program until it ends. @returns Its exit code; 0 after Ctrl-C. */
function start(
  program: Program,
  { port, watch, more }: { port: number; watch: boolean; more: string[] },
): Promise<number> {
  const { kind, file } = program;
  // All files of a step; the folder of any other program has more of them.
  const watched = kind === "step" ? `${dirname(file)}/*` : file;
  // tsx resolves from here: the command may be called in any folder.
  const { resolve } = createRequire(import.meta.url);
  const how = watch
    ? [resolve("tsx/cli"), "watch", "--clear-screen=false", `--include=${watched}`]
    : typeScriptFlags();
  const tsx = how.length > 0 ? ["--import", SYNTAX_ERRORS] : [];
  const child = spawn(process.execPath, [...how, ...tsx, file, ...more], {
    cwd: ROOT,
    env: { ...process.env, PORT: `${port}` },
    stdio: ["inherit", "pipe", "inherit"],
  });
  child.stdout.on("data", (text: Buffer) => {
    process.stdout.write(text);
    const address = /^listening on (?:127\.0\.0\.1:)?(\S+)$/m.exec(`${text}`)?.[1];
    if (address === undefined) return;
    console.log(`${hintFor(program, address)}; Ctrl-C ends this`);
  });
  // A terminal sends Ctrl-C to the step too, and npx then sends SIGTERM. One signal is enough,
  // because a second would cut short a graceful shutdown.
  let interrupted = false;
  const onSignal = (signal: NodeJS.Signals) => {
    const fromTerminal = signal === "SIGINT" && process.stdin.isTTY;
    if (!interrupted && !fromTerminal) child.kill(signal);
    // The terminal shows ^C without a newline.
    if (!interrupted && fromTerminal) process.stderr.write("\n");
    interrupted = true;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, onSignal);
  }
  return new Promise((done) => {
    child.on("close", (code) => done(interrupted ? 0 : (code ?? 1)));
  });
}
