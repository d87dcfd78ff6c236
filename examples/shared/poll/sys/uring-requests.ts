// Requests that wait until the kernel's ring has room for them.

/**
 * A first-in, first-out queue of requests of some words each. It grows as needed.
 *
 * ```text
 *   words   │ moved out  │ ▒▒▒▒ waiting ▒▒▒▒ │ free │
 *                        first               end
 * ```
 */
export class RequestQueue {
  readonly #size: number;
  #words: Int32Array;
  #first = 0;
  #end = 0;

  /** @param size Of a request, in words. */
  constructor(size: number) {
    this.#size = size;
    this.#words = new Int32Array(64 * size);
  }

  /** All requests, as words. An `add` without room replaces the array. */
  get words(): Int32Array {
    return this.#words;
  }

  /** The number of requests. */
  get length(): number {
    return (this.#end - this.#first) / this.#size;
  }

  /** Adds one, all zeros. @returns The word where it begins, until the next call. */
  add(): number {
    if (this.#end === this.#words.length) this.#makeRoom();
    const at = this.#end;
    this.#end += this.#size;
    this.#words.fill(0, at, this.#end);
    return at;
  }

  /** Moves the first request to word `at` of `into`. */
  moveTo(into: Int32Array, at: number): void {
    // A loop, because `set` with `subarray` allocates an object each time.
    for (let word = 0; word < this.#size; word += 1) {
      into[at + word] = this.#words[this.#first + word] ?? 0;
    }
    this.#first += this.#size;
    if (this.#first === this.#end) this.#first = this.#end = 0;
  }

  #makeRoom(): void {
    const waiting = this.#words.subarray(this.#first, this.#end);
    // Doubles only when more than half is waiting; otherwise there is enough room in front.
    const grows = waiting.length > this.#words.length / 2;
    const words = new Int32Array(this.#words.length * (grows ? 2 : 1));
    words.set(waiting);
    this.#words = words;
    this.#end = waiting.length;
    this.#first = 0;
  }
}
