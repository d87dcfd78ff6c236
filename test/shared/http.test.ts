// The parts of HTTP that r5 adds: dates, conditions, ranges, targets, hosts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionStatus, isRangeWanted } from "../../examples/shared/http-conditions.ts";
import { httpDate, readDate } from "../../examples/shared/http-date.ts";
import { framingOf, isAuthority } from "../../examples/shared/http-framing.ts";
import { rangeOf } from "../../examples/shared/http-range.ts";
import { pathOf, segmentsOf } from "../../examples/shared/http-target.ts";

const SAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);
const NOW = Date.UTC(2026, 5, 1);

describe("a date", () => {
  test.each([
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
  ])("is read as %s", (text) => {
    expect(readDate(text, NOW)).toBe(SAMPLE);
  });

  test.each([
    "",
    "yesterday",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 31 Jun 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT",
    " Sun, 06 Nov 1994 08:49:37 GMT",
    "1994-11-06T08:49:37Z",
    "784111777",
  ])("is not %j", (text) => {
    expect(readDate(text, NOW)).toBeUndefined();
  });

  test("of two digits is at most 50 years ahead", () => {
    const year = (digits: string) =>
      new Date(
        readDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, NOW) ?? 0,
      ).getUTCFullYear();
    expect([year("26"), year("75"), year("76"), year("77"), year("99")]).toEqual([
      2026, 2075, 1976, 1977, 1999,
    ]);
  });

  test("that is formatted can be parsed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        expect(readDate(httpDate(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-0", { first: 0, last: 0 }],
    ["bytes=2-", { first: 2, last: 9 }],
    ["bytes=-3", { first: 7, last: 9 }],
    ["bytes=-30", { first: 0, last: 9 }],
    ["BYTES=9-99", { first: 9, last: 9 }],
    ["bytes=10-", "none"],
    ["bytes=-0", "none"],
    ["bytes=3-2", "whole"],
    ["bytes=0-1,2-3", "whole"],
    ["bytes = 0-1", "whole"],
    ["bytes=-", "whole"],
    ["bytes=", "whole"],
    ["items=0-1", "whole"],
  ] as const)("%s of ten bytes", (text, range) => {
    expect(rangeOf(text, 10)).toEqual(range);
  });

  test("lies within the file, whatever is requested", () => {
    const size = fc.integer({ min: 0, max: 100 });
    const part = fc.oneof(fc.constant(""), fc.nat(200).map(String));
    fc.assert(
      fc.property(size, part, part, (size, from, to) => {
        const range = rangeOf(`bytes=${from}-${to}`, size);
        if (typeof range === "string") return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.last).toBeGreaterThanOrEqual(range.first);
        expect(range.last).toBeLessThan(size);
      }),
    );
  });
});

describe("a condition", () => {
  const file = { etag: '"a"', modified: SAMPLE };
  test.each([
    [{}, 200],
    [{ "if-none-match": '"a"' }, 304],
    [{ "if-none-match": '"b" , W/"a"' }, 304],
    [{ "if-none-match": ',"a",' }, 304],
    [{ "if-none-match": ' ,\t, "b" , ,W/"x"\t,"a" ,\t' }, 304],
    // A pattern that can read the same commas in several ways would try them all.
    [{ "if-none-match": `"a"${", ".repeat(4000)}x` }, 200],
    [{ "if-none-match": '"b"' }, 200],
    [{ "if-none-match": '"b" "a"' }, 200],
    [{ "if-match": '"a"' }, 200],
    [{ "if-match": 'W/"a"' }, 412],
    [{ "if-match": "nonsense" }, 412],
    [{ "if-modified-since": httpDate(SAMPLE) }, 304],
    [{ "if-modified-since": httpDate(SAMPLE - 1000) }, 200],
    [{ "if-unmodified-since": httpDate(SAMPLE) }, 200],
    [{ "if-unmodified-since": httpDate(SAMPLE - 1000) }, 412],
    [{ "if-unmodified-since": "nonsense" }, 200],
    [{ "if-match": '"a"', "if-none-match": '"a"' }, 304],
  ] as const)("%j", (conditions, status) => {
    expect(conditionStatus(conditions, file)).toBe(status);
  });

  test.each([
    [undefined, true],
    ['"a"', true],
    ['W/"a"', false],
    ['"b"', false],
    [httpDate(SAMPLE), true],
    [httpDate(SAMPLE + 1000), false],
    ["nonsense", false],
  ])("If-Range: %s", (condition, isWanted) => {
    expect(isRangeWanted(condition, file, NOW)).toBe(isWanted);
  });

  test("by date is false within the second of the change", () => {
    expect(isRangeWanted(httpDate(SAMPLE), file, SAMPLE + 999)).toBe(false);
  });
});

test.each([
  ["/", [""]],
  ["/a/b", ["a", "b"]],
  ["/a//b/", ["a", "", "b", ""]],
  ["/a%2Fb", ["a/b"]],
  ["/%2e%2e/%252e", ["..", "%2e"]],
  ["/%c3%a4?x=%zz", ["ä"]],
  ["/?", [""]],
  ["a", undefined],
  ["", undefined],
  ["/a#b", undefined],
  ["/%", undefined],
  ["/%ff", undefined],
  ["/%00", undefined],
  ["/a\\b", undefined],
  ["/a%5Cb", undefined],
])("the target %s has the segments %j", (target, segments) => {
  const path = pathOf(target);
  expect(path === undefined ? undefined : segmentsOf(path)).toEqual(segments);
});

test.each([
  "a",
  "a.b",
  "a:80",
  "a:",
  "127.0.0.1:1",
  "[::1]",
  "[::ffff:1.2.3.4]:80",
  "%41",
])("%s is a valid authority", (text) => expect(isAuthority(text)).toBe(true));
test.each([
  "",
  ":80",
  "a b",
  "a,b",
  "a@b",
  "a/b",
  "a?b",
  "a#b",
  "a:b",
  "a:65536",
  "[x]",
  "[",
  "::1",
  "%4",
])("%j is not a valid authority", (text) => expect(isAuthority(text)).toBe(false));

test.each([
  [undefined, undefined, { framing: 0 }],
  ["5", undefined, { framing: 5 }],
  ["5, 5", undefined, { status: 400 }],
  ["", undefined, { status: 400 }],
  [undefined, "chunked", { framing: "chunked" }],
  [undefined, "CHUNKED", { framing: "chunked" }],
  ["5", "chunked", { status: 400 }],
  [undefined, "chunked, chunked", { status: 400 }],
  [undefined, "chunked, gzip", { status: 400 }],
  [undefined, "", { status: 400 }],
  [undefined, "gzip, chunked", { status: 501 }],
  [undefined, "gzip", { status: 501 }],
])("Content-Length %j and Transfer-Encoding %j", (length, coding, framing) => {
  expect(framingOf(length, coding, false)).toEqual(framing);
  if (coding !== undefined)
    expect(framingOf(length, coding, true)).toEqual({ status: 400 });
});
