// Timers of few distinct durations, as a server has: one for a head, one for an answer.

/** How many empty lists are kept in any case: they are likely to be needed again. */
const KEPT = 16;

/** Something that has a timer. `Timers` sets these fields. */
export interface Timed {
  /** When it expires, in milliseconds by the caller's clock; Infinity for never. */
  due: number;
  /** The list that it is in, and its neighbours there. */
  list: TimerList | undefined;
  before: Timed | undefined;
  after: Timed | undefined;
}

/** All timers of one duration: the first expires first. */
export interface TimerList {
  readonly duration: number;
  first: Timed | undefined;
  last: Timed | undefined;
  /** When it will be checked: never later than its first timer expires. */
  due: number;
}

/** The fields of something that has no timer yet. */
export const UNTIMED: Readonly<Timed> = {
  due: Infinity,
  list: undefined,
  before: undefined,
  after: undefined,
};

/**
 * A list for each duration, and a heap of the lists, as in Node. Of the timers with the
 * same duration, the one that was set last expires last, so setting a timer puts it at the
 * end of its list, without comparing it with any other.
 *
 * ```text
 *   heap        durations
 *   5,020 ──►   5,000 ms   ann 5,020 ─ bob 5,031 ─ eve 5,090   ◄── set at 90: the last
 *   10,004 ──►  10,000 ms  dan 10,004 ─ joe 10,007
 * ```
 *
 * @see Node's lib/internal/timers.js, whose first comment explains it.
 */
export class Timers<Item extends Timed> {
  readonly #lists = new Map<number, TimerList>();
  /** The lists, by when they are due. They are few, so a sorted array serves as a heap. */
  #order: TimerList[] = [];
  /** How many of the lists are empty. */
  #empty = 0;

  /**
   * Sets the timer of an item, and replaces any that it has.
   *
   * @param now By the caller's clock; never less than in the last call.
   * @param duration In milliseconds, 0 or more.
   */
  set(item: Item, now: number, duration: number): void {
    this.remove(item);
    let list = this.#lists.get(duration);
    if (list === undefined) {
      list = { duration, first: undefined, last: undefined, due: now + duration };
      this.#lists.set(duration, list);
      this.#place(list);
    } else if (list.first === undefined) this.#empty -= 1;
    item.due = now + duration;
    item.list = list;
    item.before = list.last;
    if (list.last) list.last.after = item;
    else list.first = item;
    list.last = item;
  }

  /** Removes the timer of an item, if it has one. */
  remove(item: Item): void {
    const { list, before, after } = item;
    if (list === undefined) return;
    if (before) before.after = after;
    else list.first = after;
    if (after) after.before = before;
    else list.last = before;
    item.due = Infinity;
    item.list = undefined;
    item.before = undefined;
    item.after = undefined;
    if (list.first === undefined) this.#emptied();
  }

  /** When to call `take` again: a timer may have expired. Infinity when there is none. */
  get next(): number {
    return this.#order[0]?.due ?? Infinity;
  }

  /** Removes an expired timer and returns its item; undefined when there is none. */
  take(now: number): Item | undefined {
    for (;;) {
      const [list] = this.#order;
      if (list === undefined || list.due > now) return undefined;
      const { first } = list;
      if (first !== undefined && first.due <= now) {
        this.remove(first as Item);
        return first as Item;
      }
      this.#order.shift();
      // Its first timer has been moved since, to the end, or removed.
      if (first === undefined) {
        this.#lists.delete(list.duration);
        this.#empty -= 1;
      } else {
        list.due = first.due;
        this.#place(list);
      }
    }
  }

  /** Counts one more empty list, and drops them all when most lists are empty. */
  #emptied(): void {
    this.#empty += 1;
    if (this.#empty <= KEPT || 2 * this.#empty < this.#order.length) return;
    for (const { first, duration } of this.#order)
      if (first === undefined) this.#lists.delete(duration);
    this.#order = this.#order.filter(({ first }) => first !== undefined);
    this.#empty = 0;
  }

  /** Inserts a list in the order. */
  #place(list: TimerList): void {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle]?.due ?? Infinity) <= list.due) low = middle + 1;
      else high = middle;
    }
    this.#order.splice(low, 0, list);
  }
}
