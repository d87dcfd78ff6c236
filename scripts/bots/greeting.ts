// What a chat server says first: its commands, and `You are NAME`.

const NEWLINE = 10;
/** Bytes of a line after which it is no greeting: then no more of it is kept. */
const LONGEST = 4_096;

/** What a bot learns from the greeting. */
export interface Welcome {
  /** The name it was given. */
  readonly name: string;
  /** Whether the help text lists `/join`: there are rooms. */
  readonly rooms: boolean;
  /** What came behind the greeting in the same chunk. */
  readonly rest: Buffer;
}

/** Reads the lines of one connection until it has been given a name. */
export class Greeting {
  #line = Buffer.alloc(0);
  #rooms = false;

  /**
   * Reads on.
   *
   * @returns What there is to know once the name has come; do not call it again then.
   */
  read(bytes: Buffer): Welcome | undefined {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      const piece = bytes.subarray(start, end === -1 ? bytes.length : end);
      this.#line = Buffer.concat([this.#line, piece]).subarray(0, LONGEST);
      if (end === -1) return undefined;
      start = end + 1;
      const line = this.#line.toString().trimEnd();
      this.#line = Buffer.alloc(0);
      const name = /^You are (\S+)$/.exec(line)?.[1];
      if (name !== undefined) {
        return { name, rooms: this.#rooms, rest: bytes.subarray(start) };
      }
      if (/^\s*\/join\b/.test(line)) this.#rooms = true;
    }
  }
}
