// Memory that is lent to the kernel, in reusable blocks.
import { type Mapped, mapMemory } from "../sys/memory.ts";

/** A block of memory, owned by the caller of `take` until it is given back. */
export interface Block {
  readonly address: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const SMALLEST = 64;
/** The bytes mapped at a time; a larger block gets its own mapping. */
const CHUNK = 1 << 20;

/**
 * Unmaps memory when it is unreachable. A program may have kept bytes that it received, and
 * touching unmapped memory crashes the process.
 */
const finalizers = new FinalizationRegistry<() => void>((unmap) => unmap());

/**
 * Blocks of 64, 128, 256, … bytes, each size with its own free list.
 *
 * ```text
 *   chunk of 1 MiB   │ 4096 │ 4096 │ 4096 │ …      one size per chunk
 *   free                ▲      ▲                   last in, first out
 * ```
 *
 * Nothing is unmapped before `close`, so it holds the most that was ever lent at one time.
 */
export class Blocks {
  readonly #free = new Map<number, Block[]>();
  readonly #chunks: Mapped[] = [];
  #held = 0;
  #lent = 0;

  /** The number of mapped bytes. */
  get held(): number {
    return this.#held;
  }

  /** The number of blocks in use. */
  get lent(): number {
    return this.#lent;
  }

  /**
   * Takes a block of at least `size` bytes. It may contain data of its previous owner.
   *
   * @throws {SysError} ENOMEM.
   */
  take(size: number): Block {
    const room = sizeFor(size);
    const free = this.#free.get(room) ?? [];
    this.#free.set(room, free);
    if (free.length === 0) this.#map(room, free);
    const block = free.pop();
    if (block === undefined) throw new Error(`Cannot lend ${size} bytes: none are free`);
    this.#lent += 1;
    return block;
  }

  /** Gives a block back. Neither the kernel nor the program may use it after that. */
  give(block: Block): void {
    this.#lent -= 1;
    this.#free.get(block.bytes.length)?.push(block);
  }

  /** Unmaps everything once it is unreachable. The kernel must have released it before. */
  close(): void {
    this.#free.clear();
    for (const { bytes, unmap } of this.#chunks.splice(0))
      finalizers.register(bytes, unmap);
    this.#held = 0;
  }

  #map(room: number, free: Block[]): void {
    const chunk = mapMemory(Math.max(room, CHUNK));
    const length = chunk.bytes.byteLength;
    this.#chunks.push(chunk);
    this.#held += length;
    for (let at = length - room; at >= 0; at -= room) {
      free.push({
        address: chunk.address + at,
        bytes: new Uint8Array(chunk.bytes, at, room),
      });
    }
  }
}

function sizeFor(size: number): number {
  let room = SMALLEST;
  while (room < size) room *= 2;
  return room;
}
