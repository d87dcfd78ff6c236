// As much of HTTP/1.1 as a file server needs that closes each connection: RFC 9112.

/** The most bytes of a request's head. */
export const HEAD_LIMIT = 8192;

/** What is asked for. */
export interface Request {
  readonly method: "GET" | "HEAD";
  /** As it was sent: `/index.html?lang=en`. */
  readonly target: string;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/**
 * Reads a request's head, as far as it has come.
 *
 * @returns Undefined while its end has not come; a status when there is nothing to serve.
 */
export function parseRequest(bytes: Buffer): Request | number | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return bytes.length > HEAD_LIMIT ? 431 : undefined;
  if (end > HEAD_LIMIT) return 431;
  const [line = "", ...fields] = bytes.toString("latin1", 0, end).split("\r\n");
  const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP\/(\d)\.(\d)$/.exec(line);
  if (!parts) return 400;
  const [, method, target = "", major] = parts;
  if (major !== "1") return 505;
  // No blank before the colon, and no folded lines: two ways to smuggle a request in.
  if (!fields.every((field) => /^[^\s:]+:[^\0\r\n]*$/.test(field))) return 400;
  if (method === "GET" || method === "HEAD") return { method, target };
  return 405;
}

/** What comes before a response's body: the status line, the fields, the empty line. */
export function responseHead(
  status: number,
  fields: Readonly<Record<string, string | number>>,
): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

/**
 * A whole response that says what went wrong.
 *
 * @param method A HEAD gets no body, not even this one (RFC 9110, section 9.3.2).
 */
export function problem(status: number, method = "GET"): string {
  const body = `${status} ${REASONS[status] ?? ""}\n`;
  const allow = status === 405 ? { Allow: "GET, HEAD" } : {};
  const fields = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": body.length,
    Connection: "close",
    ...allow,
  };
  return responseHead(status, fields) + (method === "HEAD" ? "" : body);
}
