// A slot for one open file, in memory that threads share.
import type { BigIntStats, Stats } from "node:fs";

/** The size of a slot in bytes: three words, four doubles, and text. */
export const SLOT_SIZE = 512;
const [NUMBERS_AT, TEXT_AT] = [16, 48];
const [DESCRIPTOR, KEY_LENGTH, FIELDS_LENGTH] = [0, 1, 2];
const [SIZE, MODIFIED, CHANGED, CHECKED] = [0, 1, 2, 3];

/** A view of a slot. Each thread has its own, and uses it under the lock of the table. */
export class Slot {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  /** The key, followed by the fields. */
  readonly #text: Buffer;

  /** @param at Its offset, a multiple of 8. A slot that is all zeros has no file. */
  constructor(memory: SharedArrayBuffer, at: number) {
    this.#words = new Int32Array(memory, at, NUMBERS_AT / 4);
    this.#numbers = new Float64Array(memory, at + NUMBERS_AT, (TEXT_AT - NUMBERS_AT) / 8);
    this.#text = Buffer.from(memory, at + TEXT_AT, SLOT_SIZE - TEXT_AT);
  }

  /** The descriptor. 0 when there is no file: 0 is stdin, and never one of ours. */
  get fd(): number {
    return this.#words[DESCRIPTOR] ?? 0;
  }

  set fd(fd: number) {
    this.#words[DESCRIPTOR] = fd;
  }

  /** The size of the file, in bytes. */
  get size(): number {
    return this.#numbers[SIZE] ?? 0;
  }

  /** When a worker last resolved the path, in milliseconds. */
  get checked(): number {
    return this.#numbers[CHECKED] ?? 0;
  }

  set checked(now: number) {
    this.#numbers[CHECKED] = now;
  }

  /** The fields that `put` has stored. */
  get fields(): string {
    const from = this.#words[KEY_LENGTH] ?? 0;
    return this.#text.toString("latin1", from, from + (this.#words[FIELDS_LENGTH] ?? 0));
  }

  has(key: Buffer): boolean {
    const length = this.#words[KEY_LENGTH] ?? 0;
    if (this.fd === 0 || length !== key.length) return false;
    return this.#text.compare(key, 0, length, 0, length) === 0;
  }

  /** Whether the file is unchanged since `put`. */
  isUnchanged({ size, mtimeMs, ctimeMs }: Stats): boolean {
    const numbers = this.#numbers;
    return (
      size === numbers[SIZE] &&
      mtimeMs === numbers[MODIFIED] &&
      ctimeMs === numbers[CHANGED]
    );
  }

  fits(key: Buffer, fields: string): boolean {
    return key.length + fields.length <= this.#text.length;
  }

  /** @param fields In ASCII; they and the key must fit. */
  put(key: Buffer, fields: string, stat: BigIntStats): void {
    this.#words[KEY_LENGTH] = key.copy(this.#text);
    this.#words[FIELDS_LENGTH] = this.#text.write(fields, key.length, "latin1");
    this.#numbers[SIZE] = Number(stat.size);
    this.#numbers[MODIFIED] = milliseconds(stat.mtimeNs);
    this.#numbers[CHANGED] = milliseconds(stat.ctimeNs);
  }
}

/** In milliseconds, as `Stats` has it: a double, exact to a fraction of a microsecond. */
function milliseconds(nanoseconds: bigint): number {
  const second = 1_000_000_000n;
  return Number(nanoseconds / second) * 1000 + Number(nanoseconds % second) / 1e6;
}
