// Whose event it is: a number that goes into the kernel with a registration, and comes back
// with each event of it.

/**
 * A number of 31 bits, chosen by the program that registers. `Slab` gives out such that
 * are never mistaken for another's.
 */
export type Token = number;

const INDEX_BITS = 20;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
const GENERATIONS = 1 << 11;
/** The most values that a slab holds: its last place stays empty, for `reservedToken`. */
export const SLAB_LIMIT = INDEX_MASK;

/**
 * A token that no slab gives out: for a listener, for a waker.
 *
 * @param which 0 to 2045 are the program's own; the last two are this library's.
 */
export function reservedToken(which: number): Token {
  return (which << INDEX_BITS) | INDEX_MASK;
}

/** Of Node's own loop, where a loop of ours is its guest. */
export const NODE_TOKEN: Token = reservedToken(GENERATIONS - 2);
/** Of the waker of a proactor. */
export const WAKE_TOKEN: Token = reservedToken(GENERATIONS - 1);

interface Slot<Value> {
  generation: number;
  value: Value | undefined;
  /** Which place is free after this one, while it is free itself. */
  next: number;
}

const NONE = -1;

/**
 * Values, each under a token of its own. A token ends with its value: an event that was on
 * its way meanwhile finds nothing, although the next value stands in the same place.
 *
 * ```text
 *   token      30 ………… 20  19 ………… 0
 *              generation   index            the generation counts who had the place before
 * ```
 *
 * After 2,048 owners of one place its generations begin again: an event as old as that is
 * taken for the newest owner's. No event outlives the next wait; and of the free places the
 * one that has been free for longest is the next.
 */
export class Slab<Value> {
  readonly #slots: Slot<Value>[] = [];
  #firstFree = NONE;
  #lastFree = NONE;
  #size = 0;

  /** How many values it holds. */
  get size(): number {
    return this.#size;
  }

  /** @throws {RangeError} When it holds `SLAB_LIMIT` values. */
  add(value: Value): Token {
    const free = this.#slots[this.#firstFree];
    const index = free ? this.#firstFree : this.#slots.length;
    if (index >= SLAB_LIMIT) throw new RangeError(`Cannot add more than ${SLAB_LIMIT}`);
    if (free) {
      this.#firstFree = free.next;
      free.value = value;
    } else this.#slots[index] = { generation: 0, value, next: NONE };
    this.#size += 1;
    return ((free?.generation ?? 0) << INDEX_BITS) | index;
  }

  /** Undefined when the token has ended, or was never given out. */
  get(token: Token): Value | undefined {
    return this.#slotOf(token)?.value;
  }

  /** Ends a token. @returns Its value, or undefined when it had ended. */
  remove(token: Token): Value | undefined {
    const slot = this.#slotOf(token);
    if (slot?.value === undefined) return undefined;
    const { value } = slot;
    slot.value = undefined;
    slot.generation = (slot.generation + 1) % GENERATIONS;
    slot.next = NONE;
    const index = token & INDEX_MASK;
    const last = this.#slots[this.#lastFree];
    if (last && this.#firstFree !== NONE) last.next = index;
    else this.#firstFree = index;
    this.#lastFree = index;
    this.#size -= 1;
    return value;
  }

  *[Symbol.iterator](): Iterator<Value> {
    for (const { value } of this.#slots) if (value !== undefined) yield value;
  }

  #slotOf(token: Token): Slot<Value> | undefined {
    const slot = this.#slots[token & INDEX_MASK];
    return slot?.generation === token >> INDEX_BITS ? slot : undefined;
  }
}
