// How wide a text stands in a terminal, and what must not get there.

/** What adds no width of its own: combining marks, joiners, formats. */
const NARROWEST = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
/** East Asian Wide and Fullwidth, and what has the form of an emoji by itself. */
const WIDE =
  /^(?:(?!\p{Regional_Indicator})\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])$/u;

/** Chooses the form of an emoji for the character before it: ❤ is text, ❤️ is a picture. */
const AS_EMOJI = "\ufe0f";

/** The characters of a text: code points, each with what chooses its form. */
export function charactersOf(text: string): string[] {
  return text.match(/.\ufe0f?/gsu) ?? [];
}

/** How many columns one of these characters takes: 0, 1 or 2. */
export function widthOfCharacter(character: string): 0 | 1 | 2 {
  // As Unicode has it (UTS 51); an old terminal may draw such a one in one column.
  if (character.length > 1 && character.endsWith(AS_EMOJI)) return 2;
  if (NARROWEST.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many columns a text takes. Control characters must be gone: see `visible`. */
export function widthOf(text: string): number {
  return charactersOf(text).reduce((sum, one) => sum + widthOfCharacter(one), 0);
}

/**
 * The text with its control characters as pictures (a carriage return as ␍), so that a
 * file cannot move the cursor or change a colour. Tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/**
 * The text for a column: visible, tabs as blanks, and without the characters that join
 * emoji, for terminals do not agree how wide the whole then is.
 */
export function forColumn(text: string): string {
  return visible(text)
    .replaceAll("\t", "  ")
    .replace(/[\u200d\ufe0e]|\p{Emoji_Modifier}|(?<!\p{Emoji})\ufe0f/gu, "");
}
