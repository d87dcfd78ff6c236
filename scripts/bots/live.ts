// The line that is shown while the bots run: in one place on a terminal, else now and then.

/** Where it is written: `process.stderr`, or something like it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How often it is written, in milliseconds: on a terminal, and elsewhere. */
const EVERY_MS = { terminal: 200, elsewhere: 5_000 };
const DEFAULT_COLUMNS = 80;
/** To the first column, and nothing there. */
const CLEAR = "\r\u001b[2K";

/**
 * Shows a line from now on.
 *
 * @param lineOf Makes the line, of so many columns at most.
 * @returns Ends it, and on a terminal takes it away.
 */
export function showLive(
  output: Output,
  lineOf: (columns: number) => string,
): () => void {
  const terminal = output.isTTY ?? false;
  const write = () => {
    // The last column stays free: some terminals begin a new line when it is taken.
    const line = lineOf(Math.max(1, (output.columns ?? DEFAULT_COLUMNS) - 1));
    output.write(terminal ? `${CLEAR}${line}` : `${line}\n`);
  };
  if (terminal) write();
  const timer = setInterval(write, terminal ? EVERY_MS.terminal : EVERY_MS.elsewhere);
  return () => {
    clearInterval(timer);
    if (terminal) output.write(CLEAR);
  };
}
