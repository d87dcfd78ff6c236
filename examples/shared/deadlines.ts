// Many deadlines, of which most are moved before they come.

/** Something that has a deadline. It keeps these numbers for `Deadlines`, which fills them. */
export interface Due {
  /** When it is due, in milliseconds by the caller's clock; Infinity for never. */
  due: number;
  /** When it will be looked at: never later than it is due. */
  queued: number;
  /** Its index in the heap; -1 when it is not there. */
  place: number;
}

/** The numbers of something that has no deadline yet. */
export const UNDUE: Readonly<Due> = { due: Infinity, queued: Infinity, place: -1 };

/**
 * A heap, by the time at which each item is looked at. To move a deadline away costs no more
 * than writing a number: the item stays where it is, and is put where it belongs when it comes
 * up. A connection that is busy moves its deadline several times a request, and so touches the
 * heap every few seconds.
 *
 * ```text
 *               5.0                     at place i: never later than
 *          5.2       9.1                those at 2i + 1 and 2i + 2
 *        7.3  5.9  9.4
 * ```
 */
export class Deadlines<Item extends Due> {
  readonly #heap: Item[] = [];

  /** @param due As by the caller's clock; Infinity for never. */
  set(item: Item, due: number): void {
    item.due = due;
    if (due >= item.queued) return;
    item.queued = due;
    this.#rise(item, item.place === -1 ? this.#heap.length : item.place);
  }

  /** Takes it out, and keeps nothing of it. */
  remove(item: Item): void {
    const { place } = item;
    if (place === -1) return;
    Object.assign(item, UNDUE);
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  /** When to look again: something may be due then. Infinity when there is nothing. */
  get next(): number {
    return this.#heap[0]?.queued ?? Infinity;
  }

  /** One that is due, which from then on is not; undefined when there is none. */
  take(now: number): Item | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.queued > now) return undefined;
      const { due } = first;
      this.remove(first);
      if (due <= now) return first;
      // It has been moved since: to its new place, or nowhere.
      this.set(first, due);
    }
  }

  /** Puts it at `place`, or as far above as it is due before those there. */
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

  /** Puts it at `place`, or as far below as others are due before it. */
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
