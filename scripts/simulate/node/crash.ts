// Prints an uncaught error as Node does.

/** A place in the server's own file. */
const PLACE = /((?:file:)?[^\s()]*server\.ts):(\d+):(\d+)/;
/** Frames of the machine itself, in a page. A server's file never looks like that. */
const OURS = /^ +at .*(?:\bblob:|<anonymous>\)?$)/;
/** Where the machine in a page finds the repository. */
const BOOK = /(?:file:\/\/)?\/book\//g;

/**
 * The line that threw, and the stack.
 *
 * @param text The text of the server's file.
 */
export function crashText(error: unknown, text: string): string {
  if (!(error instanceof Error)) return `Uncaught:\n${error}`;
  const end = text.split("\n").length;
  // The wrapper function ends below the last line of the file.
  const stack = stackOf(error).replace(
    /\n +at [^\n]*server\.ts:(\d+):\d+\)?$/gm,
    (one, at) => (Number(at) > end ? "" : one),
  );
  const [, file, line = "", column = ""] = PLACE.exec(stack) ?? [];
  const source = text.split("\n")[Number(line) - 1];
  // A syntax error already shows its line.
  if (source === undefined || stack.startsWith(`${file}`)) return stack;
  return `${file}:${line}\n${source}\n${" ".repeat(Number(column) - 1)}^\n\n${stack}`;
}

/** Some engines do not begin a stack with the error message. */
function stackOf(error: Error): string {
  const stack = error.stack ?? "";
  const whole = stack.includes(error.message) ? stack : `${error}\n${stack}`;
  const lines = whole.split("\n").filter((one) => !OURS.test(one));
  return lines
    .join("\n")
    .replaceAll(BOOK, "")
    .replace(/at (?:async )?eval \((.*)\)$/gm, "at $1");
}
