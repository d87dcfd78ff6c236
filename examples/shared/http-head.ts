// Reads the heads of requests in HTTP/1.1: RFC 9112, sections 2 to 6. What is not as it should
// be is refused and never repaired: where two programs on the way of a request read it
// differently, one can be sent what the other does not see.

import {
  BLANK,
  COLON,
  CR,
  IN_NAME,
  IN_TARGET,
  IN_VALUE,
  isBlank,
  isDigit,
  LF,
  ONE,
  VERSION,
  ZERO,
} from "./http-bytes.ts";
import { type Framing, framingOf, isAuthority } from "./http-framing.ts";

/** The most bytes of a request's head, and of its target, unless a server says otherwise. */
export const HEAD_LIMIT = 8192;
const TARGET_LIMIT = 4096;
/** The most fields. */
const FIELD_LIMIT = 100;

/**
 * Reads one head after the other. A head is read in one pass over its bytes, and stays there:
 * text is made only of what somebody asks for, as a server wants little of what a browser
 * sends.
 *
 * ```text
 *   GET /poem.txt HTTP/1.1 ␍␊ Host: localhost ␍␊ ␍␊
 *   │   │        │            ││   ││        │
 *   0   4        13         name  value, and so on: four places a field
 * ```
 */
export class HeadReader {
  #bytes: Buffer = Buffer.alloc(0);
  #begin = 0;
  /** Where the method is: behind the empty lines that may come first. */
  #from = 0;
  #methodEnd = 0;
  #targetEnd = 0;
  #end = 0;
  #isOld = false;
  #framing: Framing = 0;
  readonly #headLimit: number;
  readonly #targetLimit: number;
  /** Of each field: where its name and its value begin and end. */
  readonly #places = new Int32Array(4 * FIELD_LIMIT);
  #fields = 0;
  /** The last Host that was one: nearly all that follow are the same. */
  #host: string | undefined;

  /** @param limits In bytes: more is refused, by 431 and 414. */
  constructor(limits: { head?: number; target?: number } = {}) {
    this.#headLimit = limits.head ?? HEAD_LIMIT;
    this.#targetLimit = limits.target ?? TARGET_LIMIT;
  }

  /**
   * Reads the head that begins at `from`. Whether it comes in one piece or byte by byte, the
   * answer is the same: what is wrong is refused as soon as it is there.
   *
   * @param bytes Must not change until the head has been looked at.
   * @param to Where the bytes end that have come.
   * @returns "more" while the end has not come. A status when it is to be refused, and the
   *   connection with it: where the next request begins is then unknown.
   */
  read(bytes: Buffer, from: number, to: number): "whole" | "more" | number {
    this.#bytes = bytes;
    this.#begin = from;
    this.#fields = 0;
    const limit = Math.min(to, from + this.#headLimit);
    this.#from = pastEmptyLines(bytes, from, limit);
    this.#methodEnd = this.#from;
    const result = this.#line(bytes, limit);
    // All that is allowed has come, and there is no end.
    return result === "more" && to - from >= this.#headLimit ? 431 : result;
  }

  /** Empty when the head was refused before it was read. */
  get method(): string {
    // Nearly all are this one, and a text that is there already costs nothing.
    if (this.#isText(this.#from, this.#methodEnd, "GET")) return "GET";
    return this.#bytes.toString("latin1", this.#from, this.#methodEnd);
  }

  /**
   * As it was sent: `/index.html?lang=en`. Of one in absolute form, as a proxy gets it, what
   * stands behind the host (RFC 9112, section 3.2.2).
   */
  get target(): string {
    const target = this.#bytes.toString("latin1", this.#methodEnd + 1, this.#targetEnd);
    if (target.startsWith("/")) return target;
    const [, authority = "", path] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target) ?? [];
    if (path === undefined || !isAuthority(authority)) return target;
    return path.startsWith("/") ? path : `/${path}`;
  }

  /** How many bytes it takes, with empty lines before it and the one at its end. */
  get length(): number {
    return this.#end - this.#begin;
  }

  /**
   * The value of a field, without the blanks around it; with commas between when it came
   * several times (RFC 9110, section 5.3). Undefined when it did not come.
   *
   * @param name In lower case.
   */
  field(name: string): string | undefined {
    let found: string | undefined;
    for (let at = 0; at < this.#fields; at += 4) {
      if (!this.#isNamed(at, name)) continue;
      const [from, to] = [this.#places[at + 2], this.#places[at + 3]];
      const value = this.#bytes.toString("latin1", from, to);
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  /** How often a field came. */
  count(name: string): number {
    let count = 0;
    for (let at = 0; at < this.#fields; at += 4) {
      if (this.#isNamed(at, name)) count += 1;
    }
    return count;
  }

  /**
   * Whether the client means to send another request on this connection: the default has
   * changed from 1.0 to 1.1 (RFC 9112, section 9.3).
   */
  get keepAlive(): boolean {
    const connection = this.field("connection");
    if (connection === undefined) return !this.#isOld;
    const options = connection.toLowerCase().split(/[\t ]*,[\t ]*/);
    if (options.includes("close")) return false;
    return !this.#isOld || options.includes("keep-alive");
  }

  /** Whether it is HTTP/1.0. */
  get isOld(): boolean {
    return this.#isOld;
  }

  /** How many bytes of a body follow, or that they come in chunks. */
  get framing(): Framing {
    return this.#framing;
  }

  /** Whether a body follows: then its length is said, or that it comes in pieces. */
  get hasBody(): boolean {
    return this.#framing !== 0;
  }

  #line(bytes: Buffer, to: number): "whole" | "more" | number {
    let at = this.#from;
    while (at < to && IN_NAME[bytes[at] ?? 0] !== 0) at += 1;
    if (at === to) return "more";
    // The first half of one more empty line.
    if (at === this.#from && at + 1 === to && bytes[at] === CR) return "more";
    if (bytes[at] !== BLANK || at === this.#from) return 400;
    this.#methodEnd = at;
    at += 1;
    while (at < to && IN_TARGET[bytes[at] ?? 0] !== 0) at += 1;
    if (at - this.#methodEnd - 1 > this.#targetLimit) return 414;
    if (at === to) return "more";
    if (bytes[at] !== BLANK || at === this.#methodEnd + 1) return 400;
    this.#targetEnd = at;
    return this.#version(bytes, at + 1, to);
  }

  #version(bytes: Buffer, from: number, to: number): "whole" | "more" | number {
    for (let index = 0; index < VERSION.length; index += 1) {
      if (from + index === to) return "more";
      const code = bytes[from + index];
      const wanted = VERSION[index];
      if (code !== wanted && !(wanted === ZERO && isDigit(code))) return 400;
    }
    if (bytes[from + 5] !== ONE) return 505;
    this.#isOld = bytes[from + 7] === ZERO;
    return this.#allFields(bytes, from + VERSION.length, to);
  }

  #allFields(bytes: Buffer, from: number, to: number): "whole" | "more" | number {
    let at = from;
    while (at < to && bytes[at] !== CR) {
      const start = at;
      while (at < to && IN_NAME[bytes[at] ?? 0] !== 0) at += 1;
      if (at === to) return "more";
      // No blank before the colon, and none before the name: two ways to smuggle.
      if (bytes[at] !== COLON || at === start) return 400;
      const nameEnd = at;
      at += 1;
      while (at < to && isBlank(bytes[at])) at += 1;
      const valueStart = at;
      while (at < to && IN_VALUE[bytes[at] ?? 0] !== 0) at += 1;
      if (at + 1 >= to) return at < to && bytes[at] !== CR ? 400 : "more";
      if (bytes[at] !== CR || bytes[at + 1] !== LF) return 400;
      let valueEnd = at;
      while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) valueEnd -= 1;
      if (this.#fields === this.#places.length) return 431;
      this.#places[this.#fields] = start;
      this.#places[this.#fields + 1] = nameEnd;
      this.#places[this.#fields + 2] = valueStart;
      this.#places[this.#fields + 3] = valueEnd;
      this.#fields += 4;
      at += 2;
    }
    if (at + 1 >= to) return "more";
    if (bytes[at + 1] !== LF) return 400;
    this.#end = at + 2;
    return this.#rules();
  }

  /** What holds of the fields together. */
  #rules(): "whole" | number {
    // It says for which of a server's names the request is (RFC 9112, section 3.2).
    const host = this.#next("host", 0);
    if (host === undefined ? !this.#isOld : !this.#isGoodHost(host)) return 400;
    const length = this.field("content-length");
    const coding = this.field("transfer-encoding");
    this.#framing = 0;
    if (length === undefined && coding === undefined) return "whole";
    const result = framingOf(length, coding, this.#isOld);
    if ("status" in result) return result.status;
    this.#framing = result.framing;
    return "whole";
  }

  #isGoodHost(at: number): boolean {
    if (this.#next("host", at + 4) !== undefined) return false;
    const [from = 0, to = 0] = [this.#places[at + 2], this.#places[at + 3]];
    if (this.#host !== undefined && this.#isText(from, to, this.#host)) return true;
    const host = this.#bytes.toString("latin1", from, to);
    if (!isAuthority(host)) return false;
    this.#host = host;
    return true;
  }

  /** Whether these bytes are this text. To compare costs far less than to make one. */
  #isText(from: number, to: number, text: string): boolean {
    if (to - from !== text.length) return false;
    for (let at = 0; at < text.length; at += 1) {
      if (this.#bytes[from + at] !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  /** Where the next field of that name is, from a place on. */
  #next(name: string, from: number): number | undefined {
    for (let at = from; at < this.#fields; at += 4)
      if (this.#isNamed(at, name)) return at;
    return undefined;
  }

  #isNamed(at: number, name: string): boolean {
    const from = this.#places[at] ?? 0;
    const to = this.#places[at + 1] ?? 0;
    if (to - from !== name.length) return false;
    for (let each = 0; each < name.length; each += 1) {
      if (IN_NAME[this.#bytes[from + each] ?? 0] !== name.charCodeAt(each)) return false;
    }
    return true;
  }
}

/** Some old clients send an empty line after a body: it is no request (RFC 9112, section 2.2). */
function pastEmptyLines(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at + 1 < to && bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
}
