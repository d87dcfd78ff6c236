// What a request asks for: the path of its target, decoded once.

/** Stands for an encoded slash, which separates nothing. No path contains it otherwise. */
const ENCODED_SLASH = "\0";

/**
 * The decoded path of a target, without its leading slash. The router and the files use the
 * same path, so nothing is decoded twice, and an encoded slash stays within its segment.
 *
 * ```text
 *   /hello/Ann%20B   →   hello/Ann B          /a%2Fb/   →   a␀b/
 * ```
 *
 * @param target In origin form: a path and an optional query, which is left out (RFC 9112,
 *   section 3.2.1).
 * @returns Undefined when the target has another form, is not UTF-8, or contains a NUL or a
 *   backslash, which some systems take for a slash.
 */
export function pathOf(target: string): string | undefined {
  // Most targets are only a path with nothing encoded, so there is nothing to do.
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

/** A segment of a path as its sender meant it: `a/b`. */
export function segmentOf(part: string): string {
  return part.includes(ENCODED_SLASH) ? part.replaceAll(ENCODED_SLASH, "/") : part;
}

/** All segments of a path, likewise. */
export function segmentsOf(path: string): string[] {
  return path.split("/").map(segmentOf);
}
