// `node:path` in a page: POSIX only, and only what the servers of this book use.

export const sep = "/";

/** Joins the parts of a path, and resolves `.` and `..` in it. */
export function join(...parts: readonly string[]): string {
  const path = parts.filter((part) => part !== "").join("/");
  const whole: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && whole.length > 0 && whole.at(-1) !== "..") whole.pop();
    else if (part !== "" && part !== ".") whole.push(part);
  }
  const joined = whole.join("/") + (/.\/$/.test(path) && whole.length > 0 ? "/" : "");
  return path.startsWith("/") ? `/${joined}` : joined || ".";
}

export function basename(path: string): string {
  return path.replace(/\/+$/, "").replace(/^.*\//, "");
}

export function dirname(path: string): string {
  const cut = path.replace(/\/+$/, "").replace(/\/?[^/]*$/, "");
  return cut || (path.startsWith("/") ? "/" : ".");
}

export function extname(path: string): string {
  return /.(\.[^./]*)$/.exec(basename(path))?.[1] ?? "";
}
