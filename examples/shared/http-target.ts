// What a request asks for: the path of its target, taken apart and decoded, once.

/**
 * The segments of a path. Router and files use the same ones, and an
 * encoded slash stays within its segment: nothing is decoded a second time.
 *
 * ```text
 *   /hello/Ann%20B   →   hello · Ann B          /a%2Fb/   →   a/b · (empty)
 * ```
 *
 * @param target In origin form: a path, and perhaps a query, which is left out
 *   (RFC 9112, section 3.2.1).
 * @returns Undefined when it is no such target, or no text in UTF-8, or has a NUL or a
 *   backslash in it, which some systems take for a slash.
 */
export function segmentsOf(target: string): string[] | undefined {
  // Most have nothing but a path in them, with nothing encoded.
  if (PLAIN.test(target)) return target.slice(1).split("/");
  if (!target.startsWith("/") || target.includes("#")) return undefined;
  const query = target.indexOf("?");
  const path = query === -1 ? target.slice(1) : target.slice(1, query);
  try {
    const decoded = path.split("/").map(decodeURIComponent);
    return decoded.some((segment) => /[\0\\]/.test(segment)) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const PLAIN = /^\/[\w./~-]*$/;
