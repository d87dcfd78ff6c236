// What the RFCs say a server MUST do, as far as it concerns a file server, and the
// behaviours that check it. docs/asides/http-musts.md shows it as a table.

interface Must {
  /** RFC and section: `9112 3.2`. */
  readonly section: string;
  /** The requirement, in short. */
  readonly says: string;
  /** The titles of the behaviours that check it. */
  readonly held: readonly string[];
  /** Where the server deviates, or nothing can be observed. */
  readonly note?: string;
}

export const MUSTS: readonly Must[] = [
  {
    section: "9112 2.2",
    says: "parse a message as octets, not as Unicode characters",
    held: [
      "accepts bytes above 0x7F in a field value",
      "refuses a byte above 0x7F in a field name",
    ],
  },
  {
    section: "9112 2.2",
    says: "treat a bare CR as invalid, or replace it with SP",
    held: [
      "refuses a bare CR in the request line",
      "refuses a bare CR in a field value",
      "refuses a bare CR before the CRLF",
    ],
  },
  {
    section: "9112 2.2",
    says: "reject whitespace between the request line and the first field line, or skip it",
    held: [
      "refuses a space before the first field name",
      "refuses a tab before the first field name",
    ],
  },
  {
    section: "9112 3.2",
    says: "answer 400 to an HTTP/1.1 request without Host",
    held: ["refuses a request without Host"],
  },
  {
    section: "9112 3.2",
    says: "answer 400 to more than one Host field",
    held: ["refuses two different Host fields", "refuses two identical Host fields"],
  },
  {
    section: "9112 3.2",
    says: "answer 400 to an invalid Host field",
    held: [
      "refuses userinfo in Host",
      "refuses a path in Host",
      "refuses a list in Host",
      "refuses a space in Host",
      "refuses a non-numeric port in Host",
      "refuses an invalid IPv6 address in Host",
    ],
  },
  {
    section: "9112 3.2.2",
    says: "accept a target in absolute form",
    held: [
      "serves a target in absolute form",
      "serves a target in absolute form without a path",
      "accepts the scheme in any case",
    ],
  },
  {
    section: "9112 3.2.2",
    says: "ignore Host when the target is in absolute form",
    held: ["serves a target in absolute form"],
    note: "it serves one site, so no answer depends on Host",
  },
  {
    section: "9112 5.1",
    says: "answer 400 to whitespace between a field name and its colon",
    held: ["refuses a space before a colon", "refuses a tab before a colon"],
  },
  {
    section: "9112 5.2",
    says: "answer 400 to a folded field value, or replace the fold with SP",
    held: [
      "refuses a field value folded with a space",
      "refuses a field value folded with a tab",
      "refuses a folded Host",
    ],
  },
  {
    section: "9112 6.1",
    says: "treat Transfer-Encoding in an HTTP/1.0 request as faulty framing, and close",
    held: ["refuses Transfer-Encoding in an HTTP/1.0 request"],
  },
  {
    section: "9112 6.1",
    says: "close after a request with both Content-Length and Transfer-Encoding",
    held: [
      "refuses Content-Length before Transfer-Encoding",
      "refuses Content-Length after Transfer-Encoding",
    ],
  },
  {
    section: "9112 6.1",
    says: "send no Transfer-Encoding to an HTTP/1.0 client, nor with 1xx or 204",
    held: ["serves a file with its fields"],
    note: "it never sends Transfer-Encoding",
  },
  {
    section: "9112 6.3",
    says: "answer 400, and close, when chunked is not the final transfer coding",
    held: [
      "refuses chunked that is not the final coding",
      "answers 501 to an unknown transfer coding alone",
    ],
    note: "an unknown coding alone gets the 501 of section 6.1, and the connection closes",
  },
  {
    section: "9112 6.3",
    says: "answer 400, and close, when Content-Length is invalid",
    held: [
      "refuses two different Content-Length fields",
      "refuses a list in Content-Length",
      "refuses an empty Content-Length",
      "refuses a negative Content-Length",
      "refuses a plus sign in Content-Length",
      "refuses a word in Content-Length",
    ],
  },
  {
    section: "9112 7.1",
    says: "decode the chunked transfer coding",
    held: [
      "reads a chunked body",
      "reads an empty chunked body",
      "accepts a chunk size in either case",
    ],
  },
  {
    section: "9112 7.1",
    says: "expect chunk sizes that overflow a number",
    held: [
      "answers 413 to a chunk size that overflows a number",
      "accepts leading zeros in a chunk size",
    ],
  },
  {
    section: "9112 7.1.1",
    says: "ignore unknown chunk extensions",
    held: ["ignores a chunk extension", "ignores a chunk extension with a value"],
  },
  {
    section: "9112 9.3",
    says: "read the whole body of a request, or close after the answer",
    held: [
      "reads a body framed by Content-Length",
      "reads the body of a request that it answers 404",
      "answers 413 to a Content-Length beyond its limit",
    ],
  },
  {
    section: "9112 9.3.2",
    says: "answer pipelined requests in order",
    held: [
      "answers 1,000 pipelined requests in order",
      "answers pipelined requests in order when one takes longer",
    ],
  },
  {
    section: "9112 9.6",
    says: "close after the answer to a request with close, and process no later request",
    held: [
      "closes after a request with Connection: close",
      "ignores requests after one with Connection: close",
    ],
  },
  {
    section: "9110 5.5",
    says: "exclude whitespace around a field value",
    held: ["strips spaces and tabs around a field value"],
  },
  {
    section: "9110 5.5",
    says: "reject CR, LF and NUL in a field value, or replace them with SP",
    held: ["refuses NUL in a field value", "refuses a bare LF after a field line"],
  },
  {
    section: "9110 5.6.1",
    says: "ignore empty elements of a list",
    held: ["refuses an empty element in Transfer-Encoding"],
    note: "it ignores them in lists of ETags, and refuses them in Transfer-Encoding, where no legitimate client sends them",
  },
  {
    section: "9110 5.6.7",
    says: "accept all three date formats",
    held: ["reads a date in RFC 850 format", "reads a date in asctime format"],
  },
  {
    section: "9110 6.6.1",
    says: "send Date with 2xx, 3xx and 4xx",
    held: [
      "serves a file with its fields",
      "answers 304 when If-None-Match has its ETag",
      "sends Date with a 404",
      "sends Date with a 400",
    ],
  },
  {
    section: "9110 8.6",
    says: "send no Content-Length with 204",
    held: ["answers 204 with Allow to OPTIONS *"],
  },
  {
    section: "9110 9.1",
    says: "support GET and HEAD",
    held: ["serves a request", "answers HEAD without a body"],
  },
  {
    section: "9110 9.3.2",
    says: "send no content in the answer to HEAD",
    held: ["answers HEAD without a body", "answers alternating HEAD and GET requests"],
  },
  {
    section: "9110 10.1.1",
    says: "ignore 100-continue in an HTTP/1.0 request",
    held: ["ignores Expect in an HTTP/1.0 request"],
  },
  {
    section: "9110 10.1.1",
    says: "answer Expect: 100-continue with 100 or a final status",
    held: [
      "answers 100 to Expect: 100-continue",
      "answers 413, not 100, to Expect with too long a body",
    ],
  },
  {
    section: "9110 13.1.1",
    says: "not perform the method when If-Match is false; compare strongly",
    held: [
      "answers 412 when If-Match has another ETag",
      "compares ETags strongly for If-Match",
    ],
  },
  {
    section: "9110 13.1.2",
    says: "answer 304 to GET and HEAD when If-None-Match is false; compare weakly",
    held: [
      "answers 304 when If-None-Match has its ETag",
      "answers 304 to If-None-Match: *",
      "compares ETags weakly for If-None-Match",
    ],
  },
  {
    section: "9110 13.1.3",
    says: "ignore If-Modified-Since next to If-None-Match, or when it is not a valid date",
    held: [
      "ignores If-Modified-Since next to If-None-Match",
      "ignores an invalid date in If-Modified-Since",
    ],
  },
  {
    section: "9110 13.1.4",
    says: "not perform the method when If-Unmodified-Since is false; ignore it next to If-Match, or when it is not a valid date",
    held: [
      "answers 412 when modified after If-Unmodified-Since",
      "ignores If-Unmodified-Since next to If-Match",
      "ignores an invalid date in If-Unmodified-Since",
    ],
  },
  {
    section: "9110 13.1.5",
    says: "ignore If-Range without Range, and Range when If-Range is false",
    held: [
      "ignores If-Range without Range",
      "answers 200 when If-Range has another ETag",
      "compares ETags strongly for If-Range",
    ],
  },
  {
    section: "9110 13.2.2",
    says: "evaluate preconditions in the given order",
    held: [
      "evaluates If-Match before If-None-Match",
      "evaluates If-None-Match before Range",
    ],
  },
  {
    section: "9110 14.2",
    says: "ignore Range in any method but GET",
    held: ["ignores Range with HEAD"],
  },
  {
    section: "9110 15.3.7",
    says: "send Content-Range, Date and ETag with 206",
    held: ["serves a byte range"],
  },
  {
    section: "9110 15.4.5",
    says: "send with 304 the Date and ETag that a 200 would have had",
    held: ["answers 304 when If-None-Match has its ETag"],
  },
  {
    section: "9110 15.5.6",
    says: "send Allow with 405",
    held: ["answers 405 with Allow to POST"],
  },
];

/** The list as a Markdown table. */
export function mustsTable(): string {
  const rows = MUSTS.map(({ section, says, held, note }) => {
    const [rfc = "", number = ""] = section.split(" ");
    const url = `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${number}`;
    const last = note === undefined ? "" : ` (${note})`;
    return `| [${section}](${url}) | ${says}${last} | ${held.join("; ")} |`;
  });
  return `| RFC | a server must | checked by |\n| :-- | :-- | :-- |\n${rows.join("\n")}\n`;
}
