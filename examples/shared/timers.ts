// Timers of few durations, as a server has them: so long for a head, so long for an answer.

/** Something that has a timer. It keeps these for `Timers`, which fills them. */
export interface Timed {
  /** When it is over, in milliseconds by the caller's clock; Infinity for never. */
  due: number;
  /** The list that it is in, and its neighbours there. */
  list: TimerList | undefined;
  before: Timed | undefined;
  after: Timed | undefined;
}

/** All timers of one duration: the first is over first. */
export interface TimerList {
  readonly duration: number;
  first: Timed | undefined;
  last: Timed | undefined;
  /** When the heap looks at it: never later than its first timer is over. */
  due: number;
}

/** Something that has no timer yet. */
export const UNTIMED: Readonly<Timed> = {
  due: Infinity,
  list: undefined,
  before: undefined,
  after: undefined,
};

/**
 * A list for each duration, and a heap of the lists; Node keeps its timers so, too. Of those
 * that last equally long the one that was set last is over last: to set a timer is to put it at
 * the end of its list, and it need not be compared with any other.
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
  /** By when the lists are due; few, so a heap is no more than an array that is kept in order. */
  readonly #order: TimerList[] = [];

  /**
   * Sets the timer of an item, instead of the one that it has.
   *
   * @param now By the caller's clock; never less than the last time.
   * @param duration In milliseconds, 0 or more.
   */
  set(item: Item, now: number, duration: number): void {
    this.remove(item);
    let list = this.#lists.get(duration);
    if (list === undefined) {
      list = { duration, first: undefined, last: undefined, due: now + duration };
      this.#lists.set(duration, list);
      this.#place(list);
    }
    item.due = now + duration;
    item.list = list;
    item.before = list.last;
    if (list.last) list.last.after = item;
    else list.first = item;
    list.last = item;
  }

  /** Takes the timer away from an item, if it has one. */
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
  }

  /** When to look again: a timer may be over then. Infinity when there is none. */
  get next(): number {
    return this.#order[0]?.due ?? Infinity;
  }

  /** An item whose timer is over, which from then on has none; undefined when there is none. */
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
      // Its first timer has been moved since: to the end, or away.
      if (first === undefined) this.#lists.delete(list.duration);
      else {
        list.due = first.due;
        this.#place(list);
      }
    }
  }

  /** Puts a list where it belongs in the order. */
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
