// A line of waiters in order of arrival, any of which may leave at any time. A Set has the
// same order, but its deleted entries linger, and make finding the first ever slower.

/** A place in a line, for `delete`. */
export interface Place<Value> {
  readonly value: Value;
  previous: Place<Value> | undefined;
  next: Place<Value> | undefined;
  isLinked: boolean;
}

/**
 * ```text
 *   first ─► a ⇄ b ⇄ c ◄─ last
 * ```
 */
export class Line<Value> {
  #first: Place<Value> | undefined;
  #last: Place<Value> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first place; undefined when the line is empty. */
  get first(): Place<Value> | undefined {
    return this.#first;
  }

  /** Adds a value at the end. */
  add(value: Value): Place<Value> {
    const place = { value, previous: this.#last, next: undefined, isLinked: true };
    if (this.#last) this.#last.next = place;
    else this.#first = place;
    this.#last = place;
    this.#size += 1;
    return place;
  }

  /** Removes a place from this line. Idempotent. */
  delete(place: Place<Value>): void {
    if (!place.isLinked) return;
    place.isLinked = false;
    this.#size -= 1;
    const { previous, next } = place;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
  }

  /** Removes and yields all values, in order. */
  *drain(): Generator<Value> {
    for (let first = this.#first; first !== undefined; first = this.#first) {
      this.delete(first);
      yield first.value;
    }
  }
}
