// Requests that wait until the kernel's ring has room for them.

/**
 * First come, first out; each some words long. It grows when it must.
 *
 * ```text
 *   words   │ given away │ ▒▒▒▒ waiting ▒▒▒▒ │ free │
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

  /** All of them, as words. Another array after an `add` that found no room. */
  get words(): Int32Array {
    return this.#words;
  }

  /** How many there are. */
  get length(): number {
    return (this.#end - this.#first) / this.#size;
  }

  /** Adds one, all zeros. @returns The word where it begins: until others are moved out. */
  add(): number {
    if (this.#end === this.#words.length) this.#makeRoom();
    const at = this.#end;
    this.#end += this.#size;
    this.#words.fill(0, at, this.#end);
    return at;
  }

  /** Copies the first one to word `at` of `into`, and forgets it. */
  moveTo(into: Int32Array, at: number): void {
    // A loop, as `set` with `subarray` makes an object each time.
    for (let word = 0; word < this.#size; word += 1) {
      into[at + word] = this.#words[this.#first + word] ?? 0;
    }
    this.#first += this.#size;
    if (this.#first === this.#end) this.#first = this.#end = 0;
  }

  #makeRoom(): void {
    const waiting = this.#words.subarray(this.#first, this.#end);
    // As large again only when more than half of it waits: else there is room in front.
    const grows = waiting.length > this.#words.length / 2;
    const words = new Int32Array(this.#words.length * (grows ? 2 : 1));
    words.set(waiting);
    this.#words = words;
    this.#end = waiting.length;
    this.#first = 0;
  }
}
