// What strangers wrote, made safe to show in a terminal.

/** Controls (C0, DEL, C1), format characters (bidi too), line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Format characters that scripts and emoji cannot do without; they steer nothing. */
const JOINERS = "\u200c\u200d";

/**
 * Text that cannot steer a terminal, nor turn the order of what stands around it: without
 * control codes, bidi overrides and invisible characters. A tab becomes a space.
 *
 * @param kept Unsafe characters that may stay all the same, such as `"\n"`.
 */
export function printable(text: string, kept = ""): string {
  return text.replace(UNSAFE, (char) => {
    if (JOINERS.includes(char) || kept.includes(char)) return char;
    return char === "\t" ? " " : "";
  });
}
