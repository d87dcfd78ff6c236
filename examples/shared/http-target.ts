// What a request asks for: the path of its target, decoded, once.

/** Stands for a slash that came encoded. It separates nothing, and no path has it otherwise. */
const ENCODED_SLASH = "\0";

/**
 * The path of a target, without the slash that it begins with. Router and files use the same
 * one: nothing is decoded a second time, and an encoded slash stays within its segment.
 *
 * ```text
 *   /hello/Ann%20B   →   hello/Ann B          /a%2Fb/   →   a␀b/
 * ```
 *
 * @param target In origin form: a path, and perhaps a query, which is left out
 *   (RFC 9112, section 3.2.1).
 * @returns Undefined when it is no such target, or no text in UTF-8, or has a NUL or a
 *   backslash in it, which some systems take for a slash.
 */
export function pathOf(target: string): string | undefined {
  // Most have nothing but a path in them, with nothing encoded: then there is nothing to do.
  if (PLAIN.test(target)) return target.slice(1);
  if (!target.startsWith("/") || target.includes("#")) return undefined;
  const query = target.indexOf("?");
  const path = query === -1 ? target.slice(1) : target.slice(1, query);
  try {
    const decoded = path.split("/").map(decodeURIComponent);
    if (decoded.some((segment) => /[\0\\]/.test(segment))) return undefined;
    return decoded.map((segment) => segment.replaceAll("/", ENCODED_SLASH)).join("/");
  } catch {
    return undefined;
  }
}

const PLAIN = /^\/[\w./~-]*$/;

/** A segment of a path, as its sender meant it: `a/b`. */
export function textOf(segment: string): string {
  return segment.includes(ENCODED_SLASH)
    ? segment.replaceAll(ENCODED_SLASH, "/")
    : segment;
}

/** All segments of a path, likewise. */
export function segmentsOf(path: string): string[] {
  return path.split("/").map(textOf);
}
