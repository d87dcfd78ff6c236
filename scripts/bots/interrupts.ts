// Ctrl-C and its like: the first ends the talk, the second does not wait for anything.

/** Signals that come within so many milliseconds are one: npm passes on what we got too. */
const ONE_PRESS = 300;

/** Where signals come from: `process`, or something like it. */
interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * Listens to the signals that end a program, from now on.
 *
 * @returns `stop` aborts at the first; `force` at the second. `end` does the former.
 */
export function interrupts(from: Signals): {
  stop: AbortSignal;
  force: AbortSignal;
  end: () => void;
} {
  const stop = new AbortController();
  const force = new AbortController();
  let first: number | undefined;
  const onSignal = () => {
    first ??= performance.now();
    if (performance.now() - first > ONE_PRESS) force.abort();
    stop.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    from.on(signal, onSignal);
  }
  return { stop: stop.signal, force: force.signal, end: () => stop.abort() };
}
