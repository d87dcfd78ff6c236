// Tokens, which identify registrations: the kernel gets one with each registration, and
// returns it with every event.

/**
 * A 31-bit number, chosen by the program that registers. `Slab` hands out tokens that are
 * never confused with earlier ones.
 */
export type Token = number;

const INDEX_BITS = 20;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
const GENERATIONS = 1 << 11;
/** The most values that a slab holds. The last index is kept for `reservedToken`. */
export const SLAB_LIMIT = INDEX_MASK;

/**
 * Returns a token that no slab hands out, for a listener or a waker.
 *
 * @param which 0 to 2045 for the program; this library uses 2046 and 2047.
 */
export function reservedToken(which: number): Token {
  return (which << INDEX_BITS) | INDEX_MASK;
}

/** The token of Node's own loop, when our loop is its guest. */
export const NODE_TOKEN: Token = reservedToken(GENERATIONS - 2);
/** The token of a proactor's waker. */
export const WAKE_TOKEN: Token = reservedToken(GENERATIONS - 1);

interface Slot<Value> {
  generation: number;
  value: Value | undefined;
  /** The next slot in the free list, while this one is free. */
  next: number;
}

const NONE = -1;

/**
 * Values, each with its own token. Removing a value invalidates its token: a late event
 * finds nothing, even if the slot already holds another value.
 *
 * ```text
 *   token      30 ………… 20  19 ………… 0
 *              generation   index            the generation counts reuses of the slot
 * ```
 *
 * Generations wrap around after 2,048 values in one slot; an event as old as that would be
 * taken for the current value's. But no event of the kernel outlives the next wait, and the
 * free list is first in, first out, so the slot that has been free the longest is reused
 * first. What may arrive later, such as the result of a job for another thread, needs a number
 * that is never reused.
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

  /** @throws {RangeError} When it already holds `SLAB_LIMIT` values. */
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

  /** Undefined when the token is invalid: removed, or never handed out. */
  get(token: Token): Value | undefined {
    return this.#slotOf(token)?.value;
  }

  /** Removes a value. @returns The value, or undefined when the token was invalid. */
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
