// Text from strangers, made safe to show in any terminal.

/** Only printable ASCII: safe, and the same in UTF-8. */
const PLAIN = /^[ -~]*$/;
/** Tab, VT, FF, CR, NEL, and the line and paragraph separators: each becomes a space. */
const SPACES = /[\t\v\f\r\u0085\u2028\u2029]/g;
/**
 * The other control characters (C0, DEL, C1), and those that reorder the text around them:
 * the bidi embeddings, overrides and isolates (Unicode Standard Annex 9, table 3). Joiners
 * and the marks U+200E and U+200F stay, because emoji and many scripts need them.
 */
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
/** Invisible text: spaces, joiners and other ignorable characters, the Braille blank. */
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of some bytes, made safe: it cannot control a terminal, end a line or reorder
 * the text around it. Nearly all text is plain ASCII, and is only checked.
 *
 * @returns undefined when the bytes are not UTF-8 (RFC 3629).
 */
export function safeTextOf(
  bytes: Buffer,
  start = 0,
  end = bytes.length,
): string | undefined {
  const plain = bytes.toString("latin1", start, end);
  if (PLAIN.test(plain)) return plain;
  try {
    return safeText(UTF8.decode(bytes.subarray(start, end)));
  } catch {
    return undefined;
  }
}

/** As `safeTextOf`, for text that is already decoded. */
export function safeText(text: string): string {
  return text.replace(SPACES, " ").replace(UNSAFE, "");
}

/** Whether a text shows nothing, or is empty. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** Whether a text has more than `limit` code points, each of one or two UTF-16 units. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  return text.length > 2 * limit || [...text].length > limit;
}
