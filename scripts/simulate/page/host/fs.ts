// `node:fs` in a page: the folders of the examples, and the files of the steps that run.
import { slugs } from "./modules.ts";

const FOLDER = "/book/examples/";
/** By path from the root of the repository: `examples/07-kinda-chat/help.txt`. */
const files = new Map<string, string>();

const nameOf = (path: string | URL) =>
  (path instanceof URL ? decodeURIComponent(path.pathname) : path).replace(
    /^\/book\//,
    "",
  );

/** Adds files. */
export function putFiles(texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) files.set(name, text);
}

export function existsSync(path: string | URL): boolean {
  return files.has(nameOf(path));
}

export function readdirSync(path: string): readonly string[] {
  return `${path}/`.startsWith(FOLDER) ? slugs : [];
}

/** @throws {Error} Node's ENOENT when there is no such file. */
export function readFileSync(path: string | URL): string {
  const text = files.get(nameOf(path));
  if (text !== undefined) return text;
  const name = path instanceof URL ? path.pathname : path;
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${name}'`), {
    errno: -2,
    code: "ENOENT",
    syscall: "open",
    path: name,
  });
}
