// Requests for a part of a file: RFC 9110, section 14.

/** From the first byte to the last, inclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The part that a `Range` field asks for.
 *
 * @param text Its value: `bytes=0-499`, `bytes=500-`, `bytes=-500`.
 * @param size The size of the file, in bytes.
 * @returns "whole" when the field is ignored, as section 14.2 allows: for another unit,
 *   several ranges, or an invalid one. "none" when no byte of it exists, which is a 416.
 */
export function rangeOf(text: string, size: number): Range | "whole" | "none" {
  const match = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i.exec(text);
  if (match === null) return "whole";
  const [, from, to, suffix] = match;
  if (suffix !== undefined) {
    if (/^0+$/.test(suffix)) return "none";
    // No range describes an empty file.
    if (size === 0) return "whole";
    return { first: Math.max(0, size - Number(suffix)), last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? Number.POSITIVE_INFINITY : Number(to);
  if (last < first) return "whole";
  return first < size ? { first, last: Math.min(last, size - 1) } : "none";
}
