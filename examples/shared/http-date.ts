// Dates in HTTP: RFC 9110, section 5.6.7.

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The three forms that a recipient must read; only the first is ever sent. */
const FORMS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  /^\w{3}, (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  // Sunday, 06-Nov-94 08:49:37 GMT
  /^\w{6,9}, (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  // Sun Nov  6 08:49:37 1994
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/** Formats a time as it is sent, in whole seconds: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

/**
 * Reads a date in any of the three forms. The day of the week is not checked.
 *
 * @param now For two-digit years: one that seems more than 50 years ahead is in the past.
 * @returns Milliseconds since 1970; undefined when the text is not a date.
 */
export function readDate(text: string, now = Date.now()): number | undefined {
  for (const form of FORMS) {
    const { day = "", month = "", year = "", time = "" } = form.exec(text)?.groups ?? {};
    if (time === "") continue;
    const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
    const at = (year: number) =>
      Date.UTC(year, MONTHS.indexOf(month), Number(day), hours, minutes, seconds);
    if (!MONTHS.includes(month) || hours > 23 || minutes > 59 || seconds > 60) return;
    // Date.UTC turns 31 June into 1 July.
    if (new Date(at(Number(year))).getUTCMonth() !== MONTHS.indexOf(month)) return;
    if (year.length === 4) return at(Number(year));
    const century = 100 * Math.floor(new Date(now).getUTCFullYear() / 100);
    const found = at(century + Number(year));
    const limit = new Date(now);
    limit.setUTCFullYear(limit.getUTCFullYear() + 50);
    return found > limit.getTime() ? at(century - 100 + Number(year)) : found;
  }
  return undefined;
}
