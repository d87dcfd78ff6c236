// Waits for the first of several sources, on a thread that may sleep.
import type { Parker } from "./parker.ts";
import type { WaitList } from "./wait-list.ts";

/** What a thread can wait for. */
export interface Waitable {
  /** The threads that wait; one of them is woken by each change. */
  readonly waiters: WaitList;
  /** Whether there is nothing to wait for. It may be true in vain, and never false in vain. */
  readonly isReady: boolean;
}

/** What a thread can receive from: a channel, a port. */
export interface Source<Value> extends Waitable {
  tryRecv(): Value | "empty";
}

/** One of the values of all sources: switch on `from`, and TypeScript knows the value. */
export type Selected<Sources> = {
  [From in keyof Sources]: Sources[From] extends Source<infer Value>
    ? { readonly from: From; readonly value: Exclude<Value, "empty"> }
    : never;
}[keyof Sources];

/**
 * Receives from the first source that has something, and takes nothing from the others: a
 * source is looked at, and only then asked.
 *
 * @param sources Of several that are ready the first is served: an earlier one that never
 *   rests starves a later one. Turn the order round where that matters.
 * @param timeout Milliseconds; Infinity for no limit.
 * @returns undefined when the time is up.
 */
export function select<Sources extends Record<string, Source<unknown>>>(
  parker: Parker,
  sources: Sources,
  timeout = Number.POSITIVE_INFINITY,
): Selected<Sources> | undefined {
  const names = Object.keys(sources);
  let deadline: number | undefined;
  let wokenBy: readonly Waitable[] = [];
  for (;;) {
    for (const from of names) {
      const source = sources[from];
      const value = source?.tryRecv() ?? "empty";
      if (value === "empty") continue;
      // Woken by one, we take from another: the wake is for the next thread.
      for (const one of wokenBy) if (one !== source && one.isReady) one.waiters.wakeOne();
      return { from, value } as Selected<Sources>;
    }
    // A thread that always finds something never looks at the clock.
    const now = performance.now();
    deadline ??= now + timeout;
    if (deadline <= now) return undefined;
    wokenBy = waitFor(parker, Object.values(sources), deadline - now);
  }
}

/**
 * Sleeps until one of them may be ready.
 *
 * @param timeout Milliseconds; Infinity for no limit.
 * @returns Those that have woken this thread, and no other: take from them, or wake another.
 */
export function waitFor(
  parker: Parker,
  all: readonly Waitable[],
  timeout = Number.POSITIVE_INFINITY,
): Waitable[] {
  parker.prepare();
  for (const { waiters } of all) waiters.add(parker.thread);
  // A change that came before we said that we wait has woken nobody: look again.
  if (all.some(({ isReady }) => isReady)) parker.cancel();
  else parker.park(timeout);
  return all.filter(({ waiters }) => !waiters.delete(parker.thread));
}
