// Whose event it is: a number that goes into the kernel with a registration, and comes back
// with each event of it.

/**
 * A number of 31 bits, chosen by whoever registers. `Slab` gives out such that are never
 * mistaken for another's.
 */
export type Token = number;

const INDEX_BITS = 20;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
const GENERATIONS = 1 << 11;
/** The most values that a slab holds. */
export const SLAB_LIMIT = 1 << INDEX_BITS;

interface Slot<Value> {
  generation: number;
  value: Value | undefined;
}

/**
 * Values, each under a token of its own. A token ends with its value: an event that was on
 * its way meanwhile finds nothing, although the next value stands in the same place.
 *
 * ```text
 *   token      30 ………… 20  19 ………… 0
 *              generation   index            the generation counts who had the place before
 * ```
 *
 * After 2,048 owners of one place its generations begin anew: an event as old as that is
 * taken for the newest owner's. No event outlives the next wait.
 */
export class Slab<Value> {
  readonly #slots: Slot<Value>[] = [];
  readonly #free: number[] = [];

  /** How many values it holds. */
  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  /** @throws {RangeError} When it holds `SLAB_LIMIT` values. */
  add(value: Value): Token {
    const index = this.#free.pop() ?? this.#slots.length;
    if (index >= SLAB_LIMIT) throw new RangeError(`Cannot add more than ${SLAB_LIMIT}`);
    const slot = this.#slots[index];
    if (slot) slot.value = value;
    else this.#slots[index] = { generation: 0, value };
    return ((slot?.generation ?? 0) << INDEX_BITS) | index;
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
    this.#free.push(token & INDEX_MASK);
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
