// Reads the heads of HTTP/1.1 requests: RFC 9112, sections 2 to 6. A malformed head is
// refused and never repaired: if two programs on its path read it differently, a request
// can be smuggled past one of them.

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
  membersOf,
  ONE,
  VERSION,
  ZERO,
} from "./http-bytes.ts";
import { type Framing, framingOf, isAuthority } from "./http-framing.ts";

/** The most bytes of a request's head, and of its target, by default. */
export const HEAD_LIMIT = 8192;
const TARGET_LIMIT = 4096;
/** The most fields. */
const FIELD_LIMIT = 100;

/**
 * Reads one head after the other, each in one pass over its bytes, which stay where they
 * are. Text is made only of the parts that are asked for, because a server needs little of
 * what a browser sends.
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
  /** Where the method begins: after any empty lines. */
  #from = 0;
  #methodEnd = 0;
  #targetEnd = 0;
  #end = 0;
  #isOld = false;
  #framing: Framing = 0;
  readonly #headLimit: number;
  readonly #targetLimit: number;
  /** For each field, where its name and its value begin and end. */
  readonly #places = new Int32Array(4 * FIELD_LIMIT);
  #fields = 0;
  /** The last valid Host: nearly all that follow are the same. */
  #host: string | undefined;

  /** @param limits In bytes. A larger head gets a 431, a larger target a 414. */
  constructor(limits: { head?: number; target?: number } = {}) {
    this.#headLimit = limits.head ?? HEAD_LIMIT;
    this.#targetLimit = limits.target ?? TARGET_LIMIT;
  }

  /**
   * Reads the head that begins at `from`. The result is the same whether it comes in one
   * piece or byte by byte: an error is refused as soon as it has arrived.
   *
   * @param bytes Must not change until the head has been used.
   * @param to Where the received bytes end.
   * @returns "more" until the end has arrived. A status when the head must be refused, and
   *   the connection with it, because it is unknown where the next request begins.
   */
  read(bytes: Buffer, from: number, to: number): "whole" | "more" | number {
    this.#bytes = bytes;
    this.#begin = from;
    this.#fields = 0;
    const limit = Math.min(to, from + this.#headLimit);
    this.#from = pastEmptyLines(bytes, from, limit);
    this.#methodEnd = this.#from;
    const result = this.#line(bytes, limit);
    // The limit is reached, and the head has no end.
    return result === "more" && to - from >= this.#headLimit ? 431 : result;
  }

  /** The method; empty when the head was refused before the method was read. */
  get method(): string {
    // Nearly all are GET, and an existing string costs nothing.
    if (this.#isText(this.#from, this.#methodEnd, "GET")) return "GET";
    return this.#bytes.toString("latin1", this.#from, this.#methodEnd);
  }

  /**
   * The target as sent: `/index.html?lang=en`. For one in absolute form, as a proxy
   * receives it, the part after the host (RFC 9112, section 3.2.2).
   */
  get target(): string {
    const target = this.#bytes.toString("latin1", this.#methodEnd + 1, this.#targetEnd);
    if (target.startsWith("/")) return target;
    const [, authority = "", path] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target) ?? [];
    if (path === undefined || !isAuthority(authority)) return target;
    return path.startsWith("/") ? path : `/${path}`;
  }

  /** How many bytes the head takes, with empty lines before it and the one at its end. */
  get length(): number {
    return this.#end - this.#begin;
  }

  /**
   * The value of a field, without the blanks around it. Repeated fields are joined by
   * commas (RFC 9110, section 5.3). Undefined when the field is missing.
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

  /** How often a field occurs. */
  count(name: string): number {
    let count = 0;
    for (let at = 0; at < this.#fields; at += 4) {
      if (this.#isNamed(at, name)) count += 1;
    }
    return count;
  }

  /**
   * Whether the client wants to keep the connection for another request: the default
   * differs between 1.0 and 1.1 (RFC 9112, section 9.3).
   */
  get keepAlive(): boolean {
    const connection = this.field("connection");
    if (connection === undefined) return !this.#isOld;
    const options = membersOf(connection.toLowerCase());
    if (options.includes("close")) return false;
    return !this.#isOld || options.includes("keep-alive");
  }

  /** Whether it is HTTP/1.0. */
  get isOld(): boolean {
    return this.#isOld;
  }

  /** How many bytes of a body follow, or "chunked". */
  get framing(): Framing {
    return this.#framing;
  }

  /** Whether a body follows, with a length or chunked. */
  get hasBody(): boolean {
    return this.#framing !== 0;
  }

  #line(bytes: Buffer, to: number): "whole" | "more" | number {
    let at = this.#from;
    while (at < to && IN_NAME[bytes[at] ?? 0] !== 0) at += 1;
    if (at === to) return "more";
    // The first half of another empty line.
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
      // No blank before the colon, and none before the name: both enable smuggling.
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

  /** Checks the rules that concern several fields. */
  #rules(): "whole" | number {
    // Host says which of a server's names the request is for (RFC 9112, section 3.2).
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

  /** Whether these bytes are this text. Comparing costs far less than making a string. */
  #isText(from: number, to: number, text: string): boolean {
    if (to - from !== text.length) return false;
    for (let at = 0; at < text.length; at += 1) {
      if (this.#bytes[from + at] !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  /** Where the next field of that name is, starting at `from`. */
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

/** Skips empty lines: some old clients send one after a body (RFC 9112, section 2.2). */
function pastEmptyLines(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at + 1 < to && bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
}
