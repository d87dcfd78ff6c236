// The bytes in the lines of HTTP/1.1, and which of them are allowed where.

export const [LF, CR, BLANK, COLON, ZERO, ONE] = [10, 13, 32, 58, 48, 49] as const;
const TAB = 9;

/** `HTTP/0.0`, where a zero stands for any digit, and the end of the line. */
export const VERSION = new TextEncoder().encode("HTTP/0.0\r\n");

/** Bytes allowed in a method or a field name, in lower case (RFC 9110, section 5.6.2). */
export const IN_NAME = tableOf(/[!#$%&'*+.^_`|~0-9A-Za-z-]/);
/** Bytes allowed in a target: visible ASCII. */
export const IN_TARGET = tableOf(/[!-~]/);
/** Bytes allowed in a field value: no control characters but the tab (section 5.5). */
export const IN_VALUE = tableOf(/[\t\x20-\x7e\x80-\xff]/);

export function isDigit(code = 0): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** Whether a byte is a space or a tab, which may surround a value. */
export function isBlank(code: number | undefined): boolean {
  return code === BLANK || code === TAB;
}

/**
 * The members of a comma-separated list, without the spaces and tabs around them (RFC 9110,
 * section 5.6.1). Not `trim`, which takes more than these away, and no pattern: searching
 * for blanks before a comma takes time in proportion to the square of their number.
 */
export function membersOf(list: string): string[] {
  return list.split(",").map((member) => {
    let [from, to] = [0, member.length];
    while (from < to && isBlank(member.charCodeAt(from))) from += 1;
    while (to > from && isBlank(member.charCodeAt(to - 1))) to -= 1;
    return member.slice(from, to);
  });
}

/** Maps each byte that matches to itself, in lower case, and every other to 0. */
function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => {
    const character = String.fromCharCode(code);
    return pattern.test(character) ? character.toLowerCase().charCodeAt(0) : 0;
  });
}
