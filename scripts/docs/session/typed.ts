// What a client types, as bytes.

const ESCAPES = new Map([
  ["\\n", "\n"],
  ["\\r", "\r"],
  ["\\t", "\t"],
  ["\\\\", "\\"],
]);

/**
 * The bytes that are sent for a typed text: a line and its end; raw, the text as it is,
 * with `\n`, `\r`, `\t`, `\\` and any byte as `\xNN`.
 */
export function bytesOf(text: string, raw: boolean): Buffer {
  if (!raw) return Buffer.from(`${text}\n`);
  const parts = text.split(/(\\x[0-9a-fA-F]{2}|\\[nrt\\])/);
  return Buffer.concat(
    parts.map((part) =>
      /^\\x/.test(part)
        ? Buffer.from(part.slice(2), "hex")
        : Buffer.from(ESCAPES.get(part) ?? part),
    ),
  );
}
