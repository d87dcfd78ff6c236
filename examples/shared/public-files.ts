// The public files of a server: which one a request asks for, and its type.
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * The path of the file that a request asks for. The path always stays in the folder: `..`,
 * encoded or not, is refused, and so are backslashes, hidden files and NUL. A link inside
 * the folder is followed, wherever it leads.
 *
 * @param folder The folder with the files.
 * @param target As it was sent; a query is left out.
 * @returns Undefined when the target cannot name a file.
 */
export function filePathOf(folder: string, target: string): string | undefined {
  const [path = ""] = target.split("?");
  if (!path.startsWith("/")) return undefined;
  let decoded: string;
  try {
    // Decoded once and never again: %252e becomes %2e, a name like any other.
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (/[\\\0]/.test(decoded)) return undefined;
  const names = path === "/" ? ["index.html"] : decoded.slice(1).split("/");
  if (names.some((name) => name.startsWith("."))) return undefined;
  return names.includes("") ? undefined : join(folder, ...names);
}

/** The type of a file's content, by the file's extension. */
export function contentType(path: string): string {
  return TYPES[extname(path)] ?? "application/octet-stream";
}

/**
 * The status of an answer when a file could not be opened.
 *
 * @param code Why not: `ENOENT`.
 * @returns 503 when descriptors or memory ran out, so that the file may exist; 500 when the
 *   disk failed; otherwise 404.
 */
export function statusWithout(code: string | undefined): 404 | 500 | 503 {
  if (code === "EIO") return 500;
  return /^(EMFILE|ENFILE|ENOMEM)$/.test(code ?? "") ? 503 : 404;
}
