// Bytes as hostile clients send them: good input that is damaged, cut anywhere, from a seed.
import { Buffer } from "node:buffer";

/** Numbers from a seed, evenly from 0 to below `limit`: xorshift (Marsaglia, 2003). */
export class Dice {
  #state: number;

  /** @param seed Not 0. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % limit;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** What clients say, what telnet adds, and what is in none of the two. */
const SEEDS: readonly Buffer[] = [
  ..."hello|/name ann|/join attic|/users|/rooms|/help|/quit|/names|/|naïve 👩‍🚀 語|\u202e|\x1b[31m"
    .split("|")
    .map((text) => Buffer.from(`${text}\r\n`)),
  Buffer.from("a tab\there\nand a return\rthere\n"),
  Buffer.from("GET / HTTP/1.1\r\nHost: chat\r\n\r\n"),
  Buffer.from([255, 251, 31, 255, 250, 31, 0, 80, 0, 24, 255, 240, 104, 105, 10]),
  Buffer.from([255, 255, 10, 255, 241, 10, 255, 10]),
  Buffer.from([0xc3, 0x28, 10, 0xf0, 0x9f, 10, 0xed, 0xa0, 0x80, 10]),
  Buffer.from([22, 3, 1, 0, 200, 10]),
];

/** A few of the good inputs, one behind the other, with some of their bytes damaged. */
export function damaged(dice: Dice): Buffer {
  const parts = Array.from({ length: 1 + dice.below(4) }, () => dice.of(SEEDS));
  let bytes = Buffer.concat(parts);
  for (let times = dice.below(4); times > 0; times -= 1) {
    const at = dice.below(bytes.length);
    switch (dice.below(5)) {
      case 0:
        bytes[at] = dice.below(256);
        break;
      case 1:
        bytes[at] = dice.of([255, 250, 240, 10, 13, 0, 27, 0xe2, 0x80]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
        break;
      case 3: {
        const again = bytes.subarray(at, at + dice.below(40));
        bytes = Buffer.concat([bytes.subarray(0, at), again, bytes.subarray(at)]);
        break;
      }
      default:
        bytes = bytes.subarray(0, at + 1);
    }
    if (bytes.length === 0) return Buffer.from("\n");
  }
  return bytes;
}

/**
 * The bytes in pieces, one of them at least, cut anywhere.
 *
 * @param lengths One of these is the longest that a piece may be.
 */
export function pieces(
  bytes: Buffer,
  dice: Dice,
  lengths: readonly number[] = [1, 3, 20, 1000],
): Buffer[] {
  const all: Buffer[] = [];
  const longest = dice.of(lengths);
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + dice.below(longest);
    all.push(bytes.subarray(at, at + length));
    at += length;
  }
  return all;
}
