// Reads and discards the body of a request: RFC 9112, sections 6 and 7.
import { COLON, CR, IN_NAME, IN_VALUE, LF } from "./http-bytes.ts";
import type { Framing } from "./http-framing.ts";

/** The most bytes of the line with a chunk's size, extensions included. */
const SIZE_LINE_LIMIT = 256;
/** The most bytes of all chunk extensions and trailer fields together. */
const EXTRAS_LIMIT = 16384;
/** `5`, `1a;name=value`, `0 ; a="b"`: RFC 9112, section 7.1. Blanks need an extension. */
const SIZE_LINE = new RegExp(
  /^([0-9a-f]+)((?:[\t ]*;[\t ]*TOKEN(?:[\t ]*=[\t ]*(?:TOKEN|QUOTED))?)*)$/.source
    .replaceAll("TOKEN", "[!#$%&'*+.^_`|~0-9a-z-]+")
    .replace(
      "QUOTED",
      '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"',
    ),
  "i",
);

/**
 * Reads one body: it is given bytes as they come, and returns how many it has consumed. A
 * chunked body is a sequence of lines and chunks:
 *
 * ```text
 *   5;ext=1 ␍␊  hello ␍␊     0 ␍␊   Expires: never ␍␊  ␍␊
 *   "size"      "data" "after" "size"  "trailer"         end
 * ```
 */
export class BodyReader {
  #part: "size" | "data" | "after" | "trailer" | "end";
  /** How many bytes of this chunk, or of the entire body, are still to come. */
  #left: number;
  /** How many more bytes the body may have, and the lines around it. */
  #allowed: number;
  #extras = EXTRAS_LIMIT;
  readonly #isChunked: boolean;

  /** @param limit The most bytes of a body; a length in `framing` must be within it. */
  constructor(framing: Framing, limit: number) {
    this.#isChunked = framing === "chunked";
    this.#part = framing === "chunked" ? "size" : "data";
    this.#left = framing === "chunked" ? 0 : framing;
    this.#allowed = limit;
  }

  /**
   * Reads `bytes` from `from` to `to`.
   *
   * @returns Where it stopped, and why. "whole": the body is complete, and the next request
   *   follows. "more": pass the rest (an incomplete line) again, with the bytes that follow
   *   it. 400 or 413: refuse the request.
   */
  read(bytes: Buffer, from: number, to: number): { at: number; is: Result } {
    let at = from;
    for (;;) {
      if (this.#part === "end") return { at, is: "whole" };
      if (this.#part === "data") {
        const count = Math.min(this.#left, to - at);
        this.#left -= count;
        at += count;
        if (this.#left > 0) return { at, is: "more" };
        this.#part = this.#isChunked ? "after" : "end";
        continue;
      }
      const end = lineEnd(bytes, at, to);
      const limit = this.#part === "trailer" ? this.#extras : SIZE_LINE_LIMIT;
      if (end === "bad" || (typeof end === "number" ? end : to) - at > limit) {
        return { at, is: 400 };
      }
      if (end === "more") return { at, is: "more" };
      const refused = this.#line(bytes, at, end);
      if (refused !== undefined) return { at, is: refused };
      at = end + 2;
    }
  }

  /** Takes a line of the framing, without its end. @returns A status if it is refused. */
  #line(bytes: Buffer, from: number, to: number): 400 | 413 | undefined {
    if (this.#part === "after") {
      this.#part = "size";
      return from === to ? undefined : 400;
    }
    if (this.#part === "trailer") {
      this.#extras -= to - from + 2;
      if (from === to) this.#part = "end";
      return from === to || isField(bytes, from, to) ? undefined : 400;
    }
    const [, digits, extension = ""] =
      SIZE_LINE.exec(bytes.toString("latin1", from, to)) ?? [];
    this.#extras -= extension.length;
    if (digits === undefined || this.#extras < 0) return 400;
    this.#left = Number.parseInt(digits, 16);
    this.#allowed -= this.#left;
    this.#part = this.#left === 0 ? "trailer" : "data";
    return this.#allowed < 0 ? 413 : undefined;
  }
}

type Result = "whole" | "more" | 400 | 413;

/** Where a line ends: at its CR. A lone CR or LF is an error (section 2.2). */
function lineEnd(bytes: Buffer, from: number, to: number): number | "more" | "bad" {
  for (let at = from; at < to; at += 1) {
    if (bytes[at] === LF) return "bad";
    if (bytes[at] !== CR) continue;
    if (at + 1 === to) return "more";
    return bytes[at + 1] === LF ? at : "bad";
  }
  return "more";
}

/** Whether a trailer line is a field: name, colon, no control characters in the value. */
function isField(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && IN_NAME[bytes[at] ?? 0] !== 0) at += 1;
  if (at === from || bytes[at] !== COLON) return false;
  for (at += 1; at < to; at += 1) if (IN_VALUE[bytes[at] ?? 0] === 0) return false;
  return true;
}
