// The files that a server gives to everybody: which one a request means, and what it is.
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
 * The path of the file that a request means. Whatever it asks for, the path stays in the
 * folder: `..`, encoded or not, is refused, and so are backslashes, hidden files and NUL.
 * A link inside of the folder is followed, wherever it leads.
 *
 * @param folder Where the files stand.
 * @param target As it stands in the request; what follows a `?` is left out.
 * @returns Undefined when no file can be meant.
 */
export function pathOf(folder: string, target: string): string | undefined {
  const [path = ""] = target.split("?");
  if (!path.startsWith("/")) return undefined;
  let decoded: string;
  try {
    // Once, and after that nothing is decoded: %252e stays %2e, a name like others.
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (/[\\\0]/.test(decoded)) return undefined;
  const names = decoded.slice(1).split("/");
  if (names.some((name) => name.startsWith("."))) return undefined;
  if (names.at(-1) === "") names.splice(-1, 1, "index.html");
  return names.includes("") ? undefined : join(folder, ...names);
}

/** The type of a file's content, by the end of its name. */
export function contentType(path: string): string {
  return TYPES[extname(path)] ?? "application/octet-stream";
}

/**
 * What a server answers that could not open a file.
 *
 * @param code Why not: `ENOENT`.
 * @returns 404; unless the file may well be there, and something is missing to open it with
 *   (503), or the disk has failed (500).
 */
export function statusWithout(code: string | undefined): 404 | 500 | 503 {
  if (code === "EIO") return 500;
  return /^(EMFILE|ENFILE|ENOMEM)$/.test(code ?? "") ? 503 : 404;
}
