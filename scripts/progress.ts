// What a command shows while it is busy: one line on the standard error output, which is gone
// when it is done. Nothing where nobody looks, such as in a pipe.

/** Shows the line in place of the one before; an empty one clears it. */
export function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

/** Shows what is done, with the seconds that it has taken, until it is done. */
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
