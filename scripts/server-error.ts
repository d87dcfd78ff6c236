// The lines of a server's output that say what went wrong, and where in the reader's own file.
import { NotStarted } from "../behaviours/server.ts";
import { Failure } from "./cli.ts";

/** What a compiler or a parser prints: the file, the line, the error. Go leaves out "error". */
const SYNTAX: readonly RegExp[] = [
  /^\S.*?\.\w+(?::\d+(?::\d+)?|\(\d+,\d+\)|: (?:line )?\d+): (?:fatal |syntax )?error\b/i,
  /^\S+\.go:\d+:\d+: /,
];
/** Rust's has the place on the next line, after an arrow. */
const RUST_SYNTAX = /^error(?:\[\w+\])?: .*\n\s*--> /;
/** How an error message begins, by language. */
const ERRORS: readonly RegExp[] = [
  // JavaScript, Python, Java; then Ruby, with the class at the end of the line.
  /^(?:Uncaught |Exception in thread "[^"]*" )?(?:[\w$]+[.:]+)*(?:[A-Z]\w*)?(?:Error|Exception|Interrupt)\b(?: \[\w+\])?(?::.*)?$/,
  /^\S+:\d+:in .*\(\w+(?:Error|::\w+)\)$/,
  // Go, Node without memory, Rust (its message is on the next line), C and C++.
  /^(?:panic|fatal error|FATAL ERROR): /,
  /^thread '[^']*'.* panicked at /,
  /^terminate called after throwing|^Segmentation fault|^Assertion .* failed/,
];

/** A stack frame: JavaScript and Java, Python, Go; and the place of a syntax error in Rust. */
const FRAMES: readonly RegExp[] = [
  /^\s+at (?:.*\()?((?:file:\/\/)?[^()]+:\d+(?::\d+)?)\)?$/,
  /^\s+File "([^"]+)", line (\d+)/,
  /^\t(\/\S+\.go:\d+)/,
  /^\s*--> (\S+:\d+:\d+)$/,
];
/** What Node prints before the line that it cannot parse, and Python. */
const ABOVE: readonly RegExp[] = [
  /^((?:file:\/\/)?(?:\/|\w:\\).+:\d+)$/,
  /^ {2}File "([^"]+)", line (\d+)$/,
];
/** How many lines before the error that may be. */
const ABOVE_LINES = 5;
/** Files that are not the reader's. */
const FOREIGN =
  /^node:|^\/rustc\/|\/node_modules\/|\/(?:lib|libexec)\/(?:python|go|ruby)|site-packages|\/usr\/local\/go\/|<frozen/;

/** Outside of a package of modules, tsx takes a .ts file for CommonJS. */
const AS_MODULE =
  "Outside of the clone, end its name in .mts: that makes it a module, which may await.";

/** How many lines are shown when none of them is known as an error. */
const LAST = 5;

/**
 * The error in the server's own output, and the innermost stack frame in the reader's files: at
 * most three lines, and none without an error.
 */
export function serverError(output: string): string[] {
  const lines = output.split(/\r?\n/);
  const isSyntax = (line: string, at: number) =>
    SYNTAX.some((error) => error.test(line)) ||
    RUST_SYNTAX.test(`${line}\n${lines[at + 1]}`);
  const syntax = lines.findIndex(isSyntax);
  const isError = (line: string) => ERRORS.some((error) => error.test(line));
  const at = syntax >= 0 ? syntax : lines.findIndex(isError);
  if (at < 0) return [];
  const error = [(lines[at] ?? "").trim()];
  if (error[0]?.startsWith("thread '")) error.push((lines[at + 1] ?? "").trim());
  const place = placeOf(lines, at);
  return place === undefined ? error : [...error, `at ${place}`];
}

/** The last lines that a server has written since it listens. */
export function lastWords(output: string, count = 1): string[] {
  const lines = output.split(/\r?\n/).map((line) => line.trimEnd());
  const start = lines.findLastIndex((line) => /\blistening on\b/i.test(line)) + 1;
  const words = lines.slice(start).filter((line) => line && !/^Node\.js v/.test(line));
  return words.slice(-count);
}

/** The error that a server reported, else its last lines: each on a new line, after `server: `. */
export function saidBy(output: string): string {
  const error = serverError(output);
  const words = error.length > 0 ? error : lastWords(output, LAST);
  const hint = /"cjs" output format/.test(output) ? [AS_MODULE] : [];
  return [...words.map((line) => `  server: ${line}`), ...hint]
    .map((line) => `\n${line}`)
    .join("");
}

/**
 * Waits for a server to start.
 *
 * @param name How the error calls it.
 * @throws {Failure} When it does not start: why, and what it printed.
 */
export async function started<Server>(
  name: string,
  server: Promise<Server>,
): Promise<Server> {
  try {
    return await server;
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    const { state, output } = error;
    throw new Failure(`Cannot start ${name}: ${state}${saidBy(output)}`);
  }
}

/**
 * Python prints the frames before the error, innermost last; the others print them after it,
 * but what cannot be parsed before it.
 */
function placeOf(lines: readonly string[], at: number): string | undefined {
  const before = lines.lastIndexOf("Traceback (most recent call last):", at);
  const part = before >= 0 ? lines.slice(before, at).reverse() : lines.slice(at + 1);
  const above = lines.slice(Math.max(0, at - ABOVE_LINES), at).reverse();
  return firstPlace(part, FRAMES) ?? firstPlace(above, ABOVE);
}

function firstPlace(
  lines: readonly string[],
  forms: readonly RegExp[],
): string | undefined {
  for (const line of lines) {
    for (const form of forms) {
      const match = form.exec(line);
      if (!match || FOREIGN.test(match[1] ?? "")) continue;
      const place = [match[1], ...(match[2] === undefined ? [] : [match[2]])].join(":");
      return place.replace(/^file:\/\//, "");
    }
  }
  return undefined;
}
