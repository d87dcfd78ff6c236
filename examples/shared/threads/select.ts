// Waits for the first of several sources, on a thread that may block.
import type { Parker } from "./parker.ts";
import type { WaitList } from "./wait-list.ts";

/** Something that a thread can wait for. */
export interface Waitable {
  /** The waiting threads. Each change wakes one of them. */
  readonly waiters: WaitList;
  /** Whether waiting is unnecessary: may be spuriously true, never spuriously false. */
  readonly isReady: boolean;
}

/** Something that a thread can receive from: a channel, a port. */
export interface Source<Value> extends Waitable {
  tryRecv(): Value | "empty";
}

/** A value and the name of its source. Switch on `from`: TypeScript narrows the value. */
export type Selected<Sources> = {
  [From in keyof Sources]: Sources[From] extends Source<infer Value>
    ? { readonly from: From; readonly value: Exclude<Value, "empty"> }
    : never;
}[keyof Sources];

/**
 * Receives from the first source that is ready, and takes nothing from the others.
 *
 * @param sources In order of priority: a source that is always ready starves those after
 *   it. Rotate the order where that matters.
 * @param timeout Milliseconds; Infinity for no limit.
 * @returns undefined on timeout.
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
      // A wake from a source we do not take from belongs to another thread: pass it on.
      for (const one of wokenBy) if (one !== source && one.isReady) one.waiters.wakeOne();
      return { from, value } as Selected<Sources>;
    }
    // A thread that always finds something never reads the clock.
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
 * @returns Those whose wakes this thread consumed: take from them, or wake another thread.
 */
export function waitFor(
  parker: Parker,
  all: readonly Waitable[],
  timeout = Number.POSITIVE_INFINITY,
): Waitable[] {
  parker.prepare();
  for (const { waiters } of all) waiters.add(parker.thread);
  // A change made before we joined the wait lists did not wake us: check again.
  if (all.some(({ isReady }) => isReady)) parker.cancel();
  else parker.park(timeout);
  return all.filter(({ waiters }) => !waiters.delete(parker.thread));
}
