// What the RFCs say that a server MUST do, as far as it concerns one that serves files, and the
// behaviours that hold each. docs/asides/http-musts.md shows it as a table.

interface Must {
  /** RFC and section: `9112 3.2`. */
  readonly section: string;
  /** What is asked for, in short. */
  readonly says: string;
  /** Titles of behaviours. */
  readonly held: readonly string[];
  /** Where the behaviour differs, or there is nothing to see. */
  readonly note?: string;
}

export const MUSTS: readonly Must[] = [
  {
    section: "9112 2.2",
    says: "parse a message as octets, not as Unicode",
    held: ["takes bytes above ASCII in a value", "refuses a byte above ASCII in a name"],
  },
  {
    section: "9112 2.2",
    says: "take a bare CR for invalid, or replace it",
    held: [
      "refuses a bare CR in the request line",
      "refuses a bare CR in a value",
      "refuses a CR before the CRLF",
    ],
  },
  {
    section: "9112 2.2",
    says: "reject whitespace between the request line and the first field, or skip it",
    held: [
      "refuses a blank before the first name",
      "refuses a tab before the first name",
    ],
  },
  {
    section: "9112 3.2",
    says: "answer 400 to a request of HTTP/1.1 without Host",
    held: ["refuses a request without Host"],
  },
  {
    section: "9112 3.2",
    says: "answer 400 to more than one Host",
    held: ["refuses two Hosts", "refuses two Hosts that are the same"],
  },
  {
    section: "9112 3.2",
    says: "answer 400 to an invalid Host",
    held: [
      "refuses a user in Host",
      "refuses a path in Host",
      "refuses a list in Host",
      "refuses a blank in Host",
      "refuses a port that is no number",
      "refuses a wrong address in brackets",
    ],
  },
  {
    section: "9112 3.2.2",
    says: "accept the absolute form of a target",
    held: [
      "serves an absolute target",
      "serves an absolute target without a path",
      "takes the scheme in any case",
    ],
  },
  {
    section: "9112 3.2.2",
    says: "ignore Host when the target names a server",
    held: ["serves an absolute target"],
    note: "there is one site, so no answer depends on either",
  },
  {
    section: "9112 5.1",
    says: "answer 400 to whitespace between a field's name and its colon",
    held: ["refuses a blank before a colon", "refuses a tab before a colon"],
  },
  {
    section: "9112 5.2",
    says: "answer 400 to a folded value, or replace the fold",
    held: [
      "refuses a folded value",
      "refuses a value folded by a tab",
      "refuses a folded Host",
    ],
  },
  {
    section: "9112 6.1",
    says: "treat Transfer-Encoding in HTTP/1.0 as faulty framing, and close",
    held: ["refuses a coding in HTTP/1.0"],
  },
  {
    section: "9112 6.1",
    says: "close after a request with a length and a coding",
    held: ["refuses a length with a coding", "refuses a coding with a length"],
  },
  {
    section: "9112 6.1",
    says: "send no Transfer-Encoding to HTTP/1.0, nor with 1xx and 204",
    held: ["serves a file, with all its fields"],
    note: "it never sends one",
  },
  {
    section: "9112 6.3",
    says: "answer 400, and close, when chunked is not the last coding",
    held: ["refuses chunked that is not last", "says 501 to an unknown coding alone"],
    note: "a request whose only coding is unknown gets the 501 of section 6.1, and is closed",
  },
  {
    section: "9112 6.3",
    says: "answer 400, and close, when the length is invalid",
    held: [
      "refuses two lengths",
      "refuses a list of lengths",
      "refuses an empty length",
      "refuses a length below zero",
      "refuses a length with a plus",
      "refuses a length that is a word",
    ],
  },
  {
    section: "9112 7.1",
    says: "decode the chunked coding",
    held: ["reads chunks", "reads a body without a chunk", "takes a size in either case"],
  },
  {
    section: "9112 7.1",
    says: "expect sizes that overflow a number",
    held: ["says 413 to a chunk that no number holds", "takes zeros before a size"],
  },
  {
    section: "9112 7.1.1",
    says: "ignore extensions that are not known",
    held: ["ignores an extension", "ignores an extension with a value"],
  },
  {
    section: "9112 9.3",
    says: "read the whole body of a request, or close after the answer",
    held: [
      "reads a body by its length",
      "reads a body before it says that there is no such file",
      "says 413 to a length beyond its limit",
    ],
  },
  {
    section: "9112 9.3.2",
    says: "answer pipelined requests in their order",
    held: [
      "answers a thousand requests at once, in order",
      "keeps the order when one takes longer",
    ],
  },
  {
    section: "9112 9.6",
    says: "close after the answer to a request with close, and run none that follows",
    held: ["closes when it is asked to", "runs nothing after close"],
  },
  {
    section: "9110 5.5",
    says: "leave whitespace around a value out",
    held: ["strips tabs and blanks around a value"],
  },
  {
    section: "9110 5.5",
    says: "reject CR, LF and NUL in a value, or replace them",
    held: ["refuses NUL in a value", "refuses a bare LF behind a field"],
  },
  {
    section: "9110 5.6.1",
    says: "ignore empty elements of a list",
    held: ["refuses a list with an empty coding"],
    note: "in tags they are ignored; in codings they are refused, since no honest client sends them",
  },
  {
    section: "9110 5.6.7",
    says: "read dates in three forms",
    held: ["reads a date of RFC 850", "reads a date of asctime"],
  },
  {
    section: "9110 6.6.1",
    says: "send Date with 2xx, 3xx and 4xx",
    held: [
      "serves a file, with all its fields",
      "says 304 to its own tag",
      "sends Date with errors too",
      "sends Date with a refusal",
    ],
  },
  {
    section: "9110 8.6",
    says: "send no Content-Length with 204",
    held: ["answers OPTIONS *"],
  },
  {
    section: "9110 9.1",
    says: "support GET and HEAD",
    held: ["serves a request", "answers HEAD without a body"],
  },
  {
    section: "9110 9.3.2",
    says: "send no content to HEAD",
    held: ["answers HEAD without a body", "answers HEAD and GET in turns"],
  },
  {
    section: "9110 10.1.1",
    says: "ignore an expectation of HTTP/1.0",
    held: ["ignores an expectation of HTTP/1.0"],
  },
  {
    section: "9110 10.1.1",
    says: "send 100, or a final answer, to a client that waits with its body",
    held: [
      "sends 100 to a client that waits with its body",
      "says 413 to a client that waits with too long a body",
    ],
  },
  {
    section: "9110 13.1.1",
    says: "not serve when If-Match fails, and compare strongly",
    held: ["says 412 to another tag", "compares tags strongly for If-Match"],
  },
  {
    section: "9110 13.1.2",
    says: "answer 304 when If-None-Match fails, and compare weakly",
    held: [
      "says 304 to its own tag",
      "says 304 to any tag",
      "compares tags weakly for If-None-Match",
    ],
  },
  {
    section: "9110 13.1.3",
    says: "ignore If-Modified-Since beside If-None-Match, or when it is no date",
    held: ["prefers the tag to the date", "ignores an invalid date"],
  },
  {
    section: "9110 13.1.4",
    says: "ignore If-Unmodified-Since beside If-Match",
    held: ["prefers If-Match to a date"],
  },
  {
    section: "9110 13.1.5",
    says: "ignore If-Range without Range; and Range when If-Range fails",
    held: [
      "ignores If-Range without a range",
      "serves the whole to a client with another tag",
      "compares tags strongly for If-Range",
    ],
  },
  {
    section: "9110 13.2.2",
    says: "evaluate conditions in their order",
    held: ["evaluates If-Match first", "prefers If-None-Match to a range"],
  },
  {
    section: "9110 14.2",
    says: "ignore Range of any method but GET",
    held: ["ignores a range of HEAD"],
  },
  {
    section: "9110 15.3.7",
    says: "send Content-Range, Date and ETag with 206",
    held: ["serves a range"],
  },
  {
    section: "9110 15.4.5",
    says: "send with 304 the Date and ETag that a 200 would have",
    held: ["says 304 to its own tag"],
  },
  {
    section: "9110 15.5.6",
    says: "send Allow with 405",
    held: ["says 405 to POST, and what is allowed"],
  },
];

/** The list as a table of Markdown. */
export function mustsTable(): string {
  const rows = MUSTS.map(({ section, says, held, note }) => {
    const [rfc = "", number = ""] = section.split(" ");
    const url = `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${number}`;
    const last = note === undefined ? "" : ` (${note})`;
    return `| [${section}](${url}) | ${says}${last} | ${held.join("; ")} |`;
  });
  return `| RFC | a server must | held by |\n| :-- | :-- | :-- |\n${rows.join("\n")}\n`;
}
