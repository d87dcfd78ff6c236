// An error that nobody caught, as Node prints it.

/** A place in the server's own file. */
const PLACE = /((?:file:)?[^\s()]*server\.ts):(\d+):(\d+)/;
/** Frames of the machine itself, in a page; no server has a file of that kind. */
const OURS = /^ +at .*(?:\bblob:|<anonymous>\)?$)/;
/** Where the repository is, for the machine of a page. */
const BOOK = /(?:file:\/\/)?\/book\//g;

/**
 * The line that threw, and the stack.
 *
 * @param text Of the server's file.
 */
export function crashText(error: unknown, text: string): string {
  if (!(error instanceof Error)) return `Uncaught:\n${error}`;
  const end = text.split("\n").length;
  // The function around the module has its end below it.
  const stack = stackOf(error).replace(
    /\n +at [^\n]*server\.ts:(\d+):\d+\)?$/gm,
    (one, at) => (Number(at) > end ? "" : one),
  );
  const [, file, line = "", column = ""] = PLACE.exec(stack) ?? [];
  const source = text.split("\n")[Number(line) - 1];
  // An error of syntax shows its line already.
  if (source === undefined || stack.startsWith(`${file}`)) return stack;
  return `${file}:${line}\n${source}\n${" ".repeat(Number(column) - 1)}^\n\n${stack}`;
}

/** Not all engines begin a stack with what went wrong. */
function stackOf(error: Error): string {
  const stack = error.stack ?? "";
  const whole = stack.includes(error.message) ? stack : `${error}\n${stack}`;
  const lines = whole.split("\n").filter((one) => !OURS.test(one));
  return lines
    .join("\n")
    .replaceAll(BOOK, "")
    .replace(/at (?:async )?eval \((.*)\)$/gm, "at $1");
}
