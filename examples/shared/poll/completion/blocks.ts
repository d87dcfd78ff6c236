// Memory that is lent to the kernel, in blocks that are used again and again.
import { type Mapped, mapMemory } from "../sys/memory.ts";

/** A block, which is somebody's until it is given back. */
export interface Block {
  readonly address: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const SMALLEST = 64;
/** Mapped at a time; what is larger is mapped alone. */
const CHUNK = 1 << 20;

/**
 * Gives memory back when nobody can look at it any more: a program may have kept bytes that
 * were shown to it, and to touch what is not mapped ends the process.
 */
const unseen = new FinalizationRegistry<() => void>((unmap) => unmap());

/**
 * Blocks of 64, 128, 256, … bytes, each size with a list of those that are free.
 *
 * ```text
 *   chunk of 1 MiB   │ 4096 │ 4096 │ 4096 │ …      one size a chunk
 *   free                ▲      ▲                   the last given back is the next taken
 * ```
 *
 * Nothing is unmapped before `close`: until then it holds as much as was lent at one time at most.
 */
export class Blocks {
  readonly #free = new Map<number, Block[]>();
  readonly #chunks: Mapped[] = [];
  #held = 0;
  #lent = 0;

  /** Bytes that are mapped. */
  get held(): number {
    return this.#held;
  }

  /** Blocks that somebody has. */
  get lent(): number {
    return this.#lent;
  }

  /**
   * A block of at least `size` bytes; what is in it is left from the last owner.
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

  /** The kernel has let go of it, and so has everybody else. */
  give(block: Block): void {
    this.#lent -= 1;
    this.#free.get(block.bytes.length)?.push(block);
  }

  /** Unmaps all, when nobody sees it any more: the kernel must have let go of it before. */
  close(): void {
    this.#free.clear();
    for (const { bytes, unmap } of this.#chunks.splice(0)) unseen.register(bytes, unmap);
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
