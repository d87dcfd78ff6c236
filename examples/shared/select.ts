// Waits for the first of several sources, and loses nothing from the others.

/** What `select` returns for one source: its name, with a value or its end. */
type Event<From, T> =
  | { from: From; done: false; value: T }
  | { from: From; done: true; value: undefined };

/** An event of any of the sources. Switch on `from`: TypeScript narrows the value. */
export type Selected<Sources> = {
  [From in keyof Sources]: Sources[From] extends AsyncIterable<infer T>
    ? Event<From, T>
    : never;
}[keyof Sources];

type Outcome =
  | { kind: "result"; result: IteratorResult<unknown> }
  | { kind: "error"; error: unknown };

/** What is remembered about a source between two calls. */
interface Slot {
  readonly iterator: AsyncIterator<unknown>;
  /** Its `next()` was called and has not settled. */
  asked: boolean;
  /** Its answer, if no call has returned it yet. */
  outcome: Outcome | undefined;
  /** Of the slots with an outcome, the one with the lowest number goes first. */
  served: number;
  /** Wakes the pending `select` call, if there is one. */
  wake: (() => void) | undefined;
}

/** A slot lives as long as its source, and no longer: nothing is kept alive here. */
const slots = new WeakMap<AsyncIterable<unknown>, Slot>();

/**
 * Waits for the first event of any of `sources` and returns it, with the source's name.
 *
 * - **Nothing is lost.** A promise cannot be cancelled: a source that was asked will
 *   answer, even when another was faster. Its answer is kept for the next call.
 * - **Nothing piles up.** A source is asked again only after its answer was taken, so a
 *   silent one holds one promise with one reaction, however many events the others have.
 * - **Nothing starves.** Of several that are ready, the one served longest ago goes first.
 *   Once served, a source goes behind all others of that call.
 *
 * A source may be left out of the next call, or replaced; an answer that it gives then is
 * kept too. An ended source reports its end at each call, so leave it out then. A source
 * belongs to one waiter: a second call is refused while the first waits, and a loop over it
 * elsewhere would take what `select` should get.
 *
 * @example
 * ```ts
 * const event = await select({ user: lines, peer: inbox });
 * if (event.from === "user") console.log("the user says", event.value);
 * ```
 *
 * @param sources One or more, each under the name that the event will carry.
 * @throws What the first source throws. The others are not affected.
 * @throws {Error} When there is no source, or a pending call waits for one of them.
 */
export function select<Sources extends Record<string, AsyncIterable<unknown>>>(
  sources: Sources,
): Promise<Selected<Sources>> {
  // Anything thrown in here becomes a rejection.
  return new Promise((resolve, reject) => {
    const waiting = Object.entries(sources).map(
      ([from, source]) => ({ from, slot: slotOf(source) }) as const,
    );
    if (waiting.length === 0) throw new Error("Cannot select: there are no sources");
    for (const { from, slot } of waiting) {
      if (slot.wake) throw new Error(`Cannot select from "${from}" twice at once`);
    }
    const takeOne = () => {
      let first: (typeof waiting)[number] | undefined;
      let turn = 0;
      for (const one of waiting) {
        turn = Math.max(turn, one.slot.served);
        if (one.slot.outcome === undefined) continue;
        if (first === undefined || one.slot.served < first.slot.served) first = one;
      }
      if (first === undefined) return;
      for (const { slot } of waiting) slot.wake = undefined;

      const { from, slot } = first;
      const outcome = slot.outcome as Outcome;
      slot.outcome = undefined;
      slot.served = turn + 1;
      if (outcome.kind === "error") reject(outcome.error);
      else resolve(eventOf(from, outcome.result) as Selected<Sources>);
    };
    // All are asked first: one that throws at once would end this call, and the sources
    // after it would then get a `wake` that is never removed.
    for (const { slot } of waiting) ask(slot);
    for (const { slot } of waiting) slot.wake = takeOne;
    takeOne();
  });
}

/** What a generator returns at its end is not one of its values. */
function eventOf(from: string, result: IteratorResult<unknown>): Event<string, unknown> {
  if (result.done) return { from, done: true, value: undefined };
  return { from, done: false, value: result.value };
}

function slotOf(source: AsyncIterable<unknown>): Slot {
  let slot = slots.get(source);
  if (slot === undefined) {
    const iterator = source[Symbol.asyncIterator]();
    slot = { iterator, asked: false, outcome: undefined, served: 0, wake: undefined };
    slots.set(source, slot);
  }
  return slot;
}

function ask(slot: Slot): void {
  if (slot.asked || slot.outcome) return;
  slot.asked = true;
  const settle = (outcome: Outcome) => {
    slot.asked = false;
    slot.outcome = outcome;
    slot.wake?.();
  };
  // Not every next() is async: one may throw where others would return a promise.
  const fail = (error: unknown) => settle({ kind: "error", error });
  try {
    slot.iterator.next().then((result) => settle({ kind: "result", result }), fail);
  } catch (error) {
    fail(error);
  }
}
