// internalBinding("buffer"): the C++ part of Node's Buffer, for a page.
import { decode, type Encoding, encode } from "./encodings.ts";

/** In the order of Node's encoding numbers (src/node.h, enum encoding). */
export const ENCODINGS = [
  "ascii",
  "utf8",
  "base64",
  "utf16le",
  "latin1",
  "hex",
  "buffer",
  "base64url",
];
/** The encodings for which a Buffer has methods. */
const WRITTEN: readonly Encoding[] = [
  "ascii",
  "utf8",
  "base64",
  "ucs2",
  "latin1",
  "hex",
  "base64url",
];

/** The index of `wanted`, searching forwards or backwards from an offset. */
function indexOf(
  bytes: Uint8Array,
  wanted: Uint8Array,
  from: number,
  isForward: boolean,
): number {
  const last = bytes.length - wanted.length;
  const start = from < 0 ? bytes.length + from : from;
  if (last < 0 || (start < 0 && !isForward)) return -1;
  const step = isForward ? 1 : -1;
  for (
    let at = Math.max(0, isForward ? start : Math.min(start, last));
    at >= 0 && at <= last;
    at += step
  ) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const [x = 0, y = 0] = [a[index], b[index]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** The encoding for a name or for Node's number. */
function encodingOf(given: number | string | undefined): Encoding {
  const name = typeof given === "number" ? ENCODINGS[given] : given?.toLowerCase();
  if (name === "binary") return "latin1";
  if (/^(?:ucs|utf-?16)/.test(name ?? "")) return "ucs2";
  return WRITTEN.find((one) => one === name) ?? "utf8";
}

/** How many bytes of UTF-8 fit without splitting a character. */
function fitting(bytes: Uint8Array, room: number): number {
  let count = Math.min(bytes.length, room);
  if (count === bytes.length) return count;
  while (count > 0 && ((bytes[count] ?? 0) & 0xc0) === 0x80) count -= 1;
  return count;
}

type Slice = (this: Uint8Array, start?: number, end?: number) => string;
type Write = (this: Uint8Array, text: string, at?: number, room?: number) => number;

/** `utf8Slice`, `utf8Write` …: methods of a Buffer. */
const methods = Object.fromEntries(
  WRITTEN.flatMap((encoding): [string, Slice | Write][] => [
    [
      `${encoding}Slice`,
      function slice(this: Uint8Array, start = 0, end = this.length) {
        return decode(
          new Uint8Array(this.buffer, this.byteOffset, this.length).subarray(start, end),
          encoding,
        );
      },
    ],
    [
      `${encoding}Write`,
      function write(this: Uint8Array, text: string, at = 0, room = this.length - at) {
        const bytes = encode(text, encoding);
        const most = Math.min(room, this.length - at);
        const count =
          encoding === "utf8" ? fitting(bytes, most) : Math.min(bytes.length, most);
        this.set(bytes.subarray(0, count), at);
        return count;
      },
    ],
  ]),
);

export const bufferBinding = {
  ...methods,
  kMaxLength: 2 ** 32,
  kStringMaxLength: 2 ** 29 - 24,
  atob: (text: string) => atob(text),
  btoa: (text: string) => btoa(text),
  byteLengthUtf8: (text: string) => encode(text, "utf8").length,
  createUnsafeArrayBuffer: (size: number) => new ArrayBuffer(size),
  compare,
  compareOffset: (
    a: Uint8Array,
    b: Uint8Array,
    atB: number,
    atA: number,
    lengthB: number,
    lengthA: number,
  ) => compare(a.subarray(atA, atA + lengthA), b.subarray(atB, atB + lengthB)),
  /** @returns -1 when there is nothing to fill with; -2 when the range is invalid. */
  fill(
    bytes: Uint8Array,
    value: string | Uint8Array | number,
    start: number,
    end: number,
    encoding: string,
  ): number | undefined {
    if (start > end || end > bytes.length) return -2;
    const pattern =
      typeof value === "string"
        ? encode(value, encodingOf(encoding))
        : typeof value === "number"
          ? Uint8Array.of(value)
          : value;
    if (pattern.length === 0) return -1;
    for (let at = start; at < end; at += 1) {
      bytes[at] = pattern[(at - start) % pattern.length] as number;
    }
    return undefined;
  },
  indexOfBuffer: (
    bytes: Uint8Array,
    wanted: Uint8Array,
    from: number,
    _encoding: number,
    isForward: boolean,
  ) => indexOf(bytes, wanted, from, isForward),
  indexOfNumber: (bytes: Uint8Array, wanted: number, from: number, isForward: boolean) =>
    indexOf(bytes, Uint8Array.of(wanted), from, isForward),
  indexOfString: (
    bytes: Uint8Array,
    wanted: string,
    from: number,
    encoding: number,
    isForward: boolean,
  ) => indexOf(bytes, encode(wanted, encodingOf(encoding)), from, isForward),
  isAscii: (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80),
  isUtf8: (bytes: Uint8Array) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  },
};
