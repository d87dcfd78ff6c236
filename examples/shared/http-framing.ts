// How a request's body is framed, and which host the request is for: what the fields of a
// head must say together (RFC 9112, sections 3.2 and 6).
import { isIPv6 } from "node:net";
import { membersOf } from "./http-bytes.ts";

/** How many bytes follow the head, 0 for none; or "chunked". */
export type Framing = number | "chunked";

/**
 * The framing of a request's body. If two programs on its path can read it differently, one
 * request can be smuggled inside another, so anything doubtful is refused (RFC 9112,
 * sections 6.1, 6.3 and 11.2).
 *
 * @param length The value of Content-Length; several are joined by commas, and refused.
 * @param coding The value of Transfer-Encoding, likewise joined.
 * @param isOld Whether the version is HTTP/1.0, which has no codings.
 * @returns The framing, or the status to refuse it with: 400, or 501 for an unknown coding.
 */
export function framingOf(
  length: string | undefined,
  coding: string | undefined,
  isOld: boolean,
): { framing: Framing } | { status: 400 | 501 } {
  if (coding === undefined) {
    if (length === undefined) return { framing: 0 };
    return /^\d+$/.test(length) ? { framing: Number(length) } : { status: 400 };
  }
  if (isOld || length !== undefined) return { status: 400 };
  const codings = membersOf(coding.toLowerCase());
  const isChunked = codings.indexOf("chunked");
  if (isChunked === -1) return { status: isList(codings) ? 501 : 400 };
  if (isChunked !== codings.length - 1 || !isList(codings)) return { status: 400 };
  return codings.length === 1 ? { framing: "chunked" } : { status: 501 };
}

/** Whether each is a token, perhaps with parameters: not empty, no control characters. */
function isList(codings: readonly string[]): boolean {
  return codings.every((one) => /^[!#$%&'*+.^_`|~0-9a-z-]+([\t ]*;.*)?$/.test(one));
}

/**
 * Whether a text names a server, as Host and an absolute target do: a name, an IPv4 address
 * or an IPv6 address in brackets, and optionally a port (RFC 9110, section 7.2; RFC 3986,
 * section 3.2). A user is refused: `user@host`.
 */
export function isAuthority(text: string): boolean {
  const match = AUTHORITY.exec(text);
  if (match === null) return false;
  const [, address, port = ""] = match;
  return (address === undefined || isIPv6(address)) && Number(port) <= 65535;
}

const AUTHORITY = /^(?:\[([^\]]*)\]|(?:[\w.~!$&'()*+;=-]|%[\da-f]{2})+)(?::(\d*))?$/i;
