// Those who wait, in the order in which they came; anyone may leave at any time. A Set has the
// same order, but its deleted entries stay a while: to look for the first costs more and more.

/** A place in a line, to leave it with. */
export interface Place<Value> {
  readonly value: Value;
  before: Place<Value> | undefined;
  behind: Place<Value> | undefined;
  isIn: boolean;
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

  /** Undefined when nobody waits. */
  get first(): Place<Value> | undefined {
    return this.#first;
  }

  /** At the end. */
  add(value: Value): Place<Value> {
    const place = { value, before: this.#last, behind: undefined, isIn: true };
    if (this.#last) this.#last.behind = place;
    else this.#first = place;
    this.#last = place;
    this.#size += 1;
    return place;
  }

  /** Leaves this line. Twice is once. */
  delete(place: Place<Value>): void {
    if (!place.isIn) return;
    place.isIn = false;
    this.#size -= 1;
    const { before, behind } = place;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
  }

  /** Takes all out, one after the other. */
  *drain(): Generator<Value> {
    for (let first = this.#first; first !== undefined; first = this.#first) {
      this.delete(first);
      yield first.value;
    }
  }
}
