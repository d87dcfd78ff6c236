// HTTP/1.1 responses of a small server: status lines, fields, problems (RFC 9110, 9112).

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  206: "Partial Content",
  304: "Not Modified",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  421: "Misdirected Request",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/** The other methods of RFC 9110, section 9, and RFC 5789: known, not allowed here. */
const OTHER_METHODS: ReadonlySet<string> = new Set([
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
]);

/**
 * The status for a method: 200 for GET and HEAD, 405 for one that we know, 501 for any
 * other (RFC 9110, section 9.1).
 */
export function methodStatus(method: string): 200 | 405 | 501 {
  if (method === "GET" || method === "HEAD") return 200;
  return OTHER_METHODS.has(method) ? 405 : 501;
}

/**
 * The head of a response: the status line, the fields, the empty line. `Date` is always
 * among the fields, as RFC 9110, section 6.6.1, requires of a server with a clock.
 *
 * @param date The value of `Date`; the current time by default.
 */
export function responseHead(
  status: number,
  fields: Readonly<Record<string, string | number>>,
  date = new Date().toUTCString(),
): string {
  const begin = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\nDate: ${date}\r\n`;
  return `${begin}${fieldLines(fields)}\r\n`;
}

/** Formats fields, each on a line of its own. */
export function fieldLines(fields: Readonly<Record<string, string | number>>): string {
  let lines = "";
  for (const [name, value] of Object.entries(fields)) lines += `${name}: ${value}\r\n`;
  return lines;
}

/**
 * A complete response that says what went wrong.
 *
 * @param method A HEAD gets no body, not even this one (RFC 9110, section 9.3.2).
 * @param more Fields to add or replace; without one of them, `Connection` is "close".
 */
export function problem(
  status: number,
  method = "GET",
  more: Readonly<Record<string, string>> = {},
): string {
  // A request that is late has perhaps not said yet that it is a HEAD.
  const body = status === 408 ? "" : `${status} ${REASONS[status] ?? ""}\n`;
  const allow = status === 405 ? { Allow: "GET, HEAD" } : {};
  const fields = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": body.length,
    Connection: "close",
    ...allow,
    ...more,
  };
  return responseHead(status, fields) + (method === "HEAD" ? "" : body);
}
