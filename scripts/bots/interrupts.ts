// Ctrl-C and similar signals: the first ends the talk, the second ends everything at once.

/** Signals within this many milliseconds count as one: npm repeats those that we get. */
const ONE_PRESS = 300;

/** The source of signals: `process`, or a fake. */
interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * Listens for the signals that end a program, from now on.
 *
 * @returns `stop` aborts at the first signal, `force` at the second. `end()` aborts `stop`.
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
