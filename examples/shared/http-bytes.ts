// The bytes of which HTTP/1.1 makes its lines: which of them may stand where.

export const [LF, CR, BLANK, COLON, ZERO, ONE] = [10, 13, 32, 58, 48, 49] as const;
const TAB = 9;

/** `HTTP/0.0`, where a zero stands for any digit, and the end of the line. */
export const VERSION = new TextEncoder().encode("HTTP/0.0\r\n");

/** What may stand in a method or a field's name, in lower case (RFC 9110, section 5.6.2). */
export const IN_NAME = tableOf(/[!#$%&'*+.^_`|~0-9A-Za-z-]/);
/** In a target: what can be seen, of ASCII. */
export const IN_TARGET = tableOf(/[!-~]/);
/** In a field's value: no control but the tab (section 5.5). */
export const IN_VALUE = tableOf(/[\t\x20-\x7e\x80-\xff]/);

export function isDigit(code = 0): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** Whether it is a space or a tab: what may stand around a value. */
export function isBlank(code: number | undefined): boolean {
  return code === BLANK || code === TAB;
}

/** For each byte itself, in lower case, when it fits; or else 0. */
function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => {
    const character = String.fromCharCode(code);
    return pattern.test(character) ? character.toLowerCase().charCodeAt(0) : 0;
  });
}
