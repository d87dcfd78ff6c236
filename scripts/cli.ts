// What all commands share: reading options, and ending with a one-line error.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { joinNegative } from "../examples/shared/flags.ts";
import { asCalled, asCalledHelp, formOfCall } from "./caller.ts";
import { nearest } from "./nearest.mjs";

/** A mistake by the user: one line, then what to do next; exit code 2. */
export class UsageError extends Error {}
/** An unknown name: what was not found, the closest names, and the command that lists all names. */
export class NotFound extends UsageError {
  /**
   * @param problem `Cannot find the step: there is no step "naems"`.
   * @param typed What the user typed, which is compared with `names`; empty for no suggestion.
   * @param all The command that lists all names: `just list steps`.
   */
  constructor(problem: string, typed: string, names: Iterable<string>, all: string) {
    const near = nearest(typed, names);
    const meant = near.length > 0 ? [`Did you mean ${either(near)}?`] : [];
    super([problem, ...meant, `See all: ${all}`].join("\n"));
  }
}
/** The command could not do what it was asked to: one line, exit code 1. */
export class Failure extends Error {}

/** The exit code of a command ended by Ctrl-C: 128 plus the number of SIGINT. */
export const INTERRUPTED = 130;

/** `06-concurrent`, `6.1 or 6.2`, `6.1, 6.2 or 6.3`. */
export function either(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

/** A misuse, followed by the first line of the usage text. */
export function misuse(problem: string, usage: string): UsageError {
  const [first] = usage.trim().split("\n");
  return new UsageError(`${problem}\n\nUsage: ${first} (more: --help)`);
}

/**
 * Makes this process exit with 130 instead of 0 after Ctrl-C. After 0, just prints
 * "error: interrupted by SIGINT", although nothing failed.
 */
export function endAsInterrupted(): void {
  let interrupted = false;
  const onInterrupt = () => {
    interrupted = true;
  };
  const others = () => process.listeners("SIGINT").filter((one) => one !== onInterrupt);
  // We listen only while others do. Alone, our listener would disable the default action, and
  // delay Ctrl-C for as long as the process computes.
  process.on("newListener", (event, listener) => {
    if (event !== "SIGINT" || listener === onInterrupt || others().length > 0) return;
    process.on("SIGINT", onInterrupt);
  });
  process.on("removeListener", (event) => {
    if (event === "SIGINT" && others().length === 0) process.off("SIGINT", onInterrupt);
  });
  process.on("exit", (code) => {
    if (interrupted && code === 0) process.exitCode = INTERRUPTED;
  });
}

/**
 * Runs a command. A `UsageError` ends it with code 2, a `Failure` with 1. Both are printed without a
 * stack trace, and with each `just …` in the form that the user types. Any other error is a bug,
 * and keeps its stack trace. After Ctrl-C, the code is 130 where it would be 0.
 *
 * @param main Returns the exit code, or nothing for 0.
 */
export async function run(main: () => Promise<number | undefined> | undefined) {
  // The reader of our output may close it early (`just diff 1 2 | head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  endAsInterrupted();
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Failure)) throw error;
    console.error(asCalled(error.message));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/**
 * `parseArgs` of `node:util`, with `--help` added.
 *
 * @param usage The help text, with commands in the form of `just`. Printed for `--help`.
 * @throws {NotFound} For an unknown option. @throws {UsageError} For an option without its value,
 * or one that npm took for itself.
 */
export function readOptions<Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config & { allowPositionals: true }>> {
  // Arguments after -- are not ours.
  const words = config.args ?? process.argv.slice(2);
  const ours = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (ours.includes("--help") || ours.includes("-h")) printHelp(usage);
  expectNoneKept(Object.keys(config.options ?? {}), ours, usage);
  try {
    const args = joinNegative(words);
    const all: Config & { allowPositionals: true } = {
      ...config,
      args,
      allowPositionals: true,
    };
    return parseArgs(all);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(-[^' ]*)/.exec(message)?.[1];
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION" || option === undefined) {
      const [, name] = /'(?:-\w, )?(--[\w-]+)/.exec(message) ?? [];
      if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE" && name !== undefined) {
        const takesNone = message.includes("does not take");
        const state = takesNone ? "it takes no value" : "it needs a value";
        throw misuse(`Cannot use ${name}: ${state}`, usage);
      }
      const [problem = ""] = message.split(". ");
      throw misuse(problem, usage);
    }
    const [call = ""] = /^just \S+/.exec(usage.trim()) ?? [];
    const names = [...Object.keys(config.options ?? {}), "help"].map((one) => `--${one}`);
    const problem = `Cannot understand ${option}: there is no such option`;
    throw new NotFound(problem, option, names, `${call} --help`);
  }
}

/**
 * npm takes the options before a `--` for its own, and sets `npm_config_port` for `--port`.
 *
 * @throws {UsageError} For the first of these options that it took.
 */
function expectNoneKept(
  names: readonly string[],
  words: readonly string[],
  usage: string,
): void {
  if (formOfCall() !== "npm run") return;
  const kept = names.find((name) => {
    const isGiven = words.some((word) => word.split("=")[0] === `--${name}`);
    return (
      !isGiven && process.env[`npm_config_${name.replaceAll("-", "_")}`] !== undefined
    );
  });
  if (kept === undefined) return;
  const [, command = ""] = /^just (\S+)/.exec(usage.trim()) ?? [];
  throw new UsageError(
    `Cannot use --${kept}: npm took it for itself. Options go after --: ` +
      `npm run ${command} -- … --${kept}`,
  );
}

/**
 * Splits the arguments of a command that runs a program: ours are its own options, wherever they
 * are, and the program's name; theirs is everything else after that name. A `--` alone cannot
 * separate the two, because just and npm remove it. What comes after one is never ours.
 */
export function splitArgs(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): { ours: string[]; theirs: string[] } {
  const own = { ...options, help: { type: "boolean", short: "h" } } as const;
  const config = { args: [...args], options: own, strict: false, tokens: true } as const;
  let isNamed = false;
  let last = -1;
  const theirs = new Set<number>();
  for (const token of parseArgs({ ...config, allowPositionals: true }).tokens) {
    // Of `-wx` only the first letter counts.
    if (token.index === last) continue;
    last = token.index;
    const isOurs = token.kind === "option" ? token.name in own : !isNamed;
    if (isNamed && !isOurs && token.kind !== "option-terminator") theirs.add(last);
    isNamed ||= token.kind === "positional";
  }
  return {
    ours: args.filter((_, index) => !theirs.has(index)),
    theirs: args.filter((_, index) => theirs.has(index)),
  };
}

/** Prints the usage text, with commands as the user types them, and exits with 0. */
export function printHelp(usage: string): never {
  console.log(asCalledHelp(usage.trim()));
  process.exit(0);
}

/**
 * Parses a port number.
 *
 * @throws {UsageError} When it is not a whole number from 0 to 65535.
 */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new UsageError(`Cannot use port "${text}": it must be a number from 0 to 65535`);
}

/**
 * Parses `host:port`, `[::1]:port`, or a port on this machine.
 *
 * @throws {UsageError} When it is none of these.
 */
export function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65535) {
    throw new UsageError(
      `Cannot use address "${text}": it must be host:port, such as 127.0.0.1:42069`,
    );
  }
  return { host: match[1] ?? match[2] ?? "127.0.0.1", port };
}
