// Shows progress while a command is busy: one line on stderr, cleared when it is done. Shows
// nothing when stderr is not a terminal, except the beginning of what takes long.

/** Replaces the line; an empty one clears it. */
export function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

/** Shows that something long begins: without a terminal, as a line that stays. */
export function progressTo(line: string): void {
  if (process.stderr.isTTY) progress(line);
  else console.error(line);
}

/** Shows what is in progress, and for how many seconds, until it is done. */
export async function whileShowing<Result>(
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  const show = () => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    progress(seconds === 0 ? `${what} …` : `${what} … ${seconds} s`);
  };
  show();
  const timer = setInterval(show, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    progress("");
  }
}
