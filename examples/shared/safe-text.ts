// Text that strangers sent, made safe to show in anybody's terminal.

/** Nothing but the printable characters of ASCII: safe, and the same in UTF-8. */
const PLAIN = /^[ -~]*$/;
/** Tab, VT, FF, CR, NEL, and the line and paragraph separators: a space for each. */
const SPACES = /[\t\v\f\r\u0085\u2028\u2029]/g;
/**
 * The other controls (C0, DEL, C1), and what turns the order of the text around it: the bidi
 * embeddings, overrides and isolates (Unicode Standard Annex 9, table 3). Joiners and the
 * marks U+200E and U+200F live: emoji and many scripts cannot do without.
 */
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
/** What shows nothing: spaces, joiners and other ignorable characters, the blank of Braille. */
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of some bytes, as far as it is safe: it cannot steer a terminal, end a line or
 * turn the order of what stands around it. Nearly all text is plain ASCII, and is only
 * looked at.
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

/** As `safeTextOf`, of what is text already. */
export function safeText(text: string): string {
  return text.replace(SPACES, " ").replace(UNSAFE, "");
}

/** Whether it shows nothing, or is empty. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** Whether it has more than so many code points, of which each is one or two UTF-16 units. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  return text.length > 2 * limit || [...text].length > limit;
}
