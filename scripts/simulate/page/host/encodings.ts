// Text to bytes and back, in each encoding of Node's Buffer: the part that Node has in C++.

export type Encoding =
  | "utf8"
  | "latin1"
  | "ascii"
  | "ucs2"
  | "base64"
  | "base64url"
  | "hex";

const UTF8 = new TextEncoder();
/** Keeps a byte order mark as an ordinary character. */
const FROM_UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const FROM_UCS2 = new TextDecoder("utf-16le", { ignoreBOM: true });
/** The most arguments in one call. */
const MOST = 8192;

/** Encodes a text. Hex stops at the first invalid pair, as in Node. */
export function encode(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case "utf8":
      return UTF8.encode(text);
    case "latin1":
    case "ascii":
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    case "ucs2":
      return new Uint8Array(Uint16Array.from(unitsOf(text)).buffer);
    case "hex": {
      const pairs = /^(?:[\da-f]{2})*/i.exec(text)?.[0].match(/../g) ?? [];
      return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
    }
    default: {
      const plain = text.replaceAll("-", "+").replaceAll("_", "/");
      const clean = plain.replace(/[^A-Za-z0-9+/]/g, "");
      const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
      return encode(atob(whole), "latin1");
    }
  }
}

/** Decodes bytes. */
export function decode(bytes: Uint8Array, encoding: Encoding): string {
  switch (encoding) {
    case "utf8":
      return FROM_UTF8.decode(bytes);
    case "latin1":
      return characters(bytes);
    case "ascii":
      return characters(bytes.map((byte) => byte & 0x7f));
    case "ucs2":
      return FROM_UCS2.decode(bytes.subarray(0, bytes.length & ~1));
    case "hex":
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "base64":
      return btoa(characters(bytes));
    case "base64url":
      return decode(bytes, "base64")
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replaceAll("=", "");
  }
}

function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

function characters(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += MOST) {
    text += String.fromCharCode(...bytes.subarray(from, from + MOST));
  }
  return text;
}
