// The flags of a command line, described once: for reading them and for --help.
import { isIP } from "node:net";
import { parseArgs } from "node:util";

/** An invalid command line. Its message is one line for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A flag. The type of its default says what it takes: a number, text, or nothing. */
export interface Flag<Value extends number | string | boolean> {
  readonly default: Value;
  /** Its description in --help. */
  readonly is: string;
  /** One letter. */
  readonly short?: string;
  /** An environment variable whose value is used where the flag is not given. */
  readonly env?: string;
  /** The range of a number; 0 to 1e9 by default. */
  readonly min?: number;
  readonly max?: number;
  /** A number may have a fraction. */
  readonly fraction?: boolean;
  /** What text must be, for the error message, and the check for it. */
  readonly must?: string;
  readonly accepts?: (text: string) => boolean;
  /** All allowed values of text. */
  readonly words?: readonly string[];
}

type AnyFlag = Flag<number> | Flag<string> | Flag<boolean>;
/** Flags by name, in groups by title. */
export type Groups = Record<string, Record<string, AnyFlag>>;

type More<Value extends number | string | boolean> = Omit<Flag<Value>, "default" | "is">;

/** A flag that takes a number: its default, and what it is. */
export function number(value: number, is: string, more: More<number> = {}): Flag<number> {
  return { default: value, is, ...more };
}

/** A flag that takes a time in seconds, a million at most: timers take at most 2^31 ms. */
export function seconds(
  value: number,
  is: string,
  more: More<number> = {},
): Flag<number> {
  return { default: value, is, max: 1e6, fraction: true, ...more };
}

/** A flag that takes an IP address. */
export function ipAddress(
  value: string,
  is: string,
  more: More<string> = {},
): Flag<string> {
  const accepts = (text: string) => isIP(text) !== 0;
  return { default: value, is, must: "an IP address", accepts, ...more };
}

/** A flag that takes text: any, unless `accepts` rejects it. */
export function text(value: string, is: string, more: More<string> = {}): Flag<string> {
  return { default: value, is, ...more };
}

/** A flag that takes one of the given words. */
export function choice(
  value: string,
  is: string,
  words: readonly string[],
  more: More<string> = {},
): Flag<string> {
  const accepts = (text: string) => words.includes(text);
  return { default: value, is, must: words.join(", "), accepts, words, ...more };
}

/** A flag without a value: false unless it is given. */
export function toggle(is: string, more: More<boolean> = {}): Flag<boolean> {
  return { default: false, is, ...more };
}

type Merged<All> = (All extends unknown ? (all: All) => void : never) extends (
  all: infer One,
) => void
  ? One
  : never;
type FlagsOf<All extends Groups> = Merged<All[keyof All]>;
/** The values of the flags, by name. */
export type Values<All extends Groups> = {
  [Name in keyof FlagsOf<All>]: FlagsOf<All>[Name] extends Flag<infer Value>
    ? Value
    : never;
};

/**
 * Reads a command line, and the environment variables that stand in for flags. If a flag is
 * repeated, the last one counts.
 *
 * @throws {UsageError} When a flag is unknown, has no value or an invalid one.
 */
export function readFlags<const All extends Groups>(
  groups: All,
  args = process.argv.slice(2),
  env: NodeJS.ProcessEnv = process.env,
): Values<All> {
  const flags = Object.assign({}, ...Object.values(groups)) as Record<string, AnyFlag>;
  const given: Record<string, unknown> = parse(flags, args);
  const values = Object.entries(flags).map(([name, flag]) => {
    const inherited = flag.env === undefined ? undefined : env[flag.env];
    const value = given[name] ?? inherited;
    if (value === undefined) return [name, flag.default];
    const label = name in given ? `--${name}` : `${flag.env}`;
    if (isNumber(flag)) return [name, numberOf(label, flag, `${value}`)];
    return [name, isText(flag) ? textOf(label, flag, `${value}`) : value];
  });
  return Object.fromEntries(values) as Values<All>;
}

/**
 * The values of a program's flags. On a misuse, prints one line to standard error and exits
 * with code 2. If a flag `help` is given, prints the flags and exits with code 0.
 *
 * @param about What the program is; printed above its flags.
 */
export function commandLine<const All extends Groups>(
  about: string,
  groups: All,
): Values<All> {
  try {
    const values = readFlags(groups);
    if (!("help" in values && values.help)) return values;
    process.stdout.write(`${about}\n\n${describeFlags(groups)}`);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** The flags as lines of --help, each group under its title. */
export function describeFlags(groups: Groups): string {
  return Object.entries(groups)
    .map(([title, flags]) => [`${title}:`, ...Object.entries(flags).map(lineOf)])
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function lineOf([name, flag]: [string, AnyFlag]): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  const takes = typeof flag.default === "boolean" ? "" : isNumber(flag) ? " N" : " TEXT";
  const fallback = typeof flag.default === "boolean" ? "" : ` (${flag.default})`;
  const or = flag.env === undefined ? "" : `, or ${flag.env}`;
  const words = flag.words ? `\n${" ".repeat(27)}${flag.words.join(", ")}` : "";
  return `  ${short}${`--${name}${takes}`.padEnd(20)} ${flag.is}${or}${fallback}${words}`;
}

function parse(flags: Record<string, AnyFlag>, args: readonly string[]) {
  const options = Object.entries(flags).map(([name, flag]) => {
    const type = typeof flag.default === "boolean" ? "boolean" : "string";
    return [name, { type, ...(flag.short !== undefined && { short: flag.short }) }];
  });
  try {
    const config = { options: Object.fromEntries(options), args: joinNegative(args) };
    return parseArgs(config).values;
  } catch (error) {
    // Its later sentences explain how to quote a flag.
    const [what] = (error as Error).message.split(/\.\s/);
    throw new UsageError(`Cannot read the command line: ${what}; try --help`);
  }
}

/** Makes `--rate=-1` of `--rate -1`, in which parseArgs takes the number for a flag. */
export function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const [, flag, long] = /^(--([^=]+)|-\w)$/.exec(joined.at(-1) ?? "") ?? [];
    if (flag === undefined || !/^-\d/.test(arg)) joined.push(arg);
    else joined[joined.length - 1] = `${flag}${long === undefined ? "" : "="}${arg}`;
  }
  return joined;
}

function isNumber(flag: AnyFlag): flag is Flag<number> {
  return typeof flag.default === "number";
}

function isText(flag: AnyFlag): flag is Flag<string> {
  return typeof flag.default === "string";
}

function textOf(label: string, { must, accepts }: Flag<string>, text: string): string {
  if (accepts?.(text) ?? true) return text;
  throw new UsageError(`Cannot set ${label} to "${text}": not ${must}`);
}

function numberOf(label: string, flag: Flag<number>, text: string): number {
  const { min = 0, max = 1e9, fraction = false } = flag;
  const value = Number(text);
  const form = fraction ? /^\d{1,10}(\.\d{1,6})?$/ : /^\d{1,10}$/;
  if (form.test(text) && value >= min && value <= max) return value;
  const kind = fraction ? "number" : "whole number";
  throw new UsageError(
    `Cannot set ${label} to "${text}": not a ${kind} from ${min} to ${max}`,
  );
}
