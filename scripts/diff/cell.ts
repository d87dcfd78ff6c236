// The width of a text in a terminal, and removing characters that must not reach it.

/** Characters without a width: combining marks, joiners, format characters. */
const NARROWEST = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
/** Wide characters: East Asian Wide and Fullwidth, and those shown as emoji by default. */
const WIDE =
  /^(?:(?!\p{Regional_Indicator})\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])$/u;

/** Selects the emoji form of the character before it: ❤ is text, ❤️ is a picture. */
const AS_EMOJI = "\ufe0f";

/** The characters of a text: code points, each with its variation selector. */
export function charactersOf(text: string): string[] {
  return text.match(/.\ufe0f?/gsu) ?? [];
}

/** How many columns such a character takes: 0, 1 or 2. */
export function widthOfCharacter(character: string): 0 | 1 | 2 {
  // According to Unicode (UTS 51); an old terminal may draw it in one column.
  if (character.length > 1 && character.endsWith(AS_EMOJI)) return 2;
  if (NARROWEST.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many columns a text takes. It must not have control characters: see `visible`. */
export function widthOf(text: string): number {
  return charactersOf(text).reduce((sum, one) => sum + widthOfCharacter(one), 0);
}

/**
 * Replaces control characters with pictures (a carriage return with ␍), so that a file cannot
 * move the cursor or change a colour. Tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/**
 * The text for a column: visible, with tabs as spaces, and without the characters that join
 * emoji, because terminals disagree on the width of joined emoji.
 */
export function forColumn(text: string): string {
  return visible(text)
    .replaceAll("\t", "  ")
    .replace(/[\u200d\ufe0e]|\p{Emoji_Modifier}|(?<!\p{Emoji})\ufe0f/gu, "");
}
