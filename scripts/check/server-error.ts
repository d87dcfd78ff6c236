// The line of a server's output that says what went wrong, and where in the reader's own file.

/** How an error message begins, by language. */
const ERRORS: readonly RegExp[] = [
  // JavaScript, Python, Java; then Ruby, with the class at the end of the line.
  /^(?:Uncaught |Exception in thread "[^"]*" )?(?:[\w$]+[.:]+)*(?:[A-Z]\w*)?(?:Error|Exception|Interrupt)\b(?: \[\w+\])?(?::.*)?$/,
  /^\S+:\d+:in .*\(\w+(?:Error|::\w+)\)$/,
  // Go, Rust (its message is on the next line), C and C++.
  /^(?:panic|fatal error): /,
  /^thread '[^']*'.* panicked at /,
  /^terminate called after throwing|^Segmentation fault|^Assertion .* failed/,
];

/** A stack frame: JavaScript and Java, Python, Go. */
const FRAMES: readonly RegExp[] = [
  /^\s+at (?:.*\()?((?:file:\/\/)?[^()]+:\d+(?::\d+)?)\)?$/,
  /^\s+File "([^"]+)", line (\d+)/,
  /^\t(\/\S+\.go:\d+)/,
];
/** Files that are not the reader's. */
const FOREIGN =
  /^node:|\/node_modules\/|\/(?:lib|libexec)\/(?:python|go|ruby)|site-packages|\/usr\/local\/go\/|<frozen/;

/**
 * The error in the server's own output, and the innermost stack frame in the reader's files: at
 * most three lines, and none without an error.
 */
export function serverError(output: string): string[] {
  const lines = output.split(/\r?\n/);
  const at = lines.findIndex((line) => ERRORS.some((error) => error.test(line)));
  if (at < 0) return [];
  const error = [(lines[at] ?? "").trim()];
  if (error[0]?.startsWith("thread '")) error.push((lines[at + 1] ?? "").trim());
  const place = placeOf(lines, at);
  return place === undefined ? error : [...error, `at ${place}`];
}

/** The last line that a server has written, unless it only says where it listens. */
export function lastWords(output: string): string[] {
  const last = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return last === "" || /\blistening on\b/i.test(last) ? [] : [last];
}

/** Python prints the frames before the error, innermost last; the others print them after it. */
function placeOf(lines: readonly string[], at: number): string | undefined {
  const before = lines.lastIndexOf("Traceback (most recent call last):", at);
  const part = before >= 0 ? lines.slice(before, at).reverse() : lines.slice(at + 1);
  for (const line of part) {
    for (const frame of FRAMES) {
      const match = frame.exec(line);
      if (!match || FOREIGN.test(match[1] ?? "")) continue;
      const place = [match[1], ...(match[2] === undefined ? [] : [match[2]])].join(":");
      return place.replace(/^file:\/\//, "");
    }
  }
  return undefined;
}
