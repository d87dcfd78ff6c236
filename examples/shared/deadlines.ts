// A set of deadlines, most of which are moved before they are due.

/** Something that has a deadline. `Deadlines` sets these fields. */
export interface Due {
  /** When it is due, in milliseconds by the caller's clock; Infinity for never. */
  due: number;
  /** When it will be checked: never later than it is due. */
  queued: number;
  /** Its index in the heap; -1 when it is not in it. */
  place: number;
}

/** The fields of something that has no deadline yet. */
export const UNDUE: Readonly<Due> = { due: Infinity, queued: Infinity, place: -1 };

/**
 * A heap, ordered by when each item will be checked. Moving a deadline later only writes a
 * number: the item keeps its place, and moves to the right one when it comes up. A busy
 * connection moves its deadline several times per request, but touches the heap only every
 * few seconds.
 *
 * ```text
 *               5.0                     at place i: never later than
 *          5.2       9.1                those at 2i + 1 and 2i + 2
 *        7.3  5.9  9.4
 * ```
 */
export class Deadlines<Item extends Due> {
  readonly #heap: Item[] = [];

  /** Sets or moves a deadline. @param due By the caller's clock; Infinity for never. */
  set(item: Item, due: number): void {
    item.due = due;
    if (due >= item.queued) return;
    item.queued = due;
    this.#rise(item, item.place === -1 ? this.#heap.length : item.place);
  }

  /** Removes an item, and keeps no reference to it. */
  remove(item: Item): void {
    const { place } = item;
    if (place === -1) return;
    Object.assign(item, UNDUE);
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  /** When to call `take` again: something may be due. Infinity when there is nothing. */
  get next(): number {
    return this.#heap[0]?.queued ?? Infinity;
  }

  /** Takes out an item that is due; undefined when there is none. */
  take(now: number): Item | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.queued > now) return undefined;
      const { due } = first;
      this.remove(first);
      if (due <= now) return first;
      // It has been moved since: it gets its new place, or none if it is never due.
      this.set(first, due);
    }
  }

  /** Puts an item at `from`, or as far up as it is due before those above it. */
  #rise(item: Item, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.queued <= item.queued) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  /** Puts an item at `from`, or as far down as those below are due before it. */
  #sink(item: Item, from: number): void {
    let place = from;
    for (;;) {
      const [left, right] = [this.#heap[2 * place + 1], this.#heap[2 * place + 2]];
      const child = right && left && right.queued < left.queued ? right : left;
      if (child === undefined || child.queued >= item.queued) break;
      const below = child.place;
      this.#put(child, place);
      place = below;
    }
    this.#put(item, place);
  }

  #put(item: Item, place: number): void {
    this.#heap[place] = item;
    item.place = place;
  }
}
