// Makes untrusted text safe to show in a terminal.

/** Controls (C0, DEL, C1), format characters (bidi too), line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Format characters that some scripts and emoji need, and that control nothing. */
const JOINERS = "\u200c\u200d";

/**
 * Removes control codes, bidi overrides and invisible characters, so that the text can neither
 * control a terminal nor reorder the text around it. A tab becomes a space.
 *
 * @param kept Unsafe characters to keep, such as `"\n"`.
 */
export function printable(text: string, kept = ""): string {
  return text.replace(UNSAFE, (char) => {
    if (JOINERS.includes(char) || kept.includes(char)) return char;
    return char === "\t" ? " " : "";
  });
}
