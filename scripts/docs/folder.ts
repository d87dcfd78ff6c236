// Where the site may be written: all that is there is replaced.
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { UsageError } from "../cli.ts";

/** A file that every built site has. */
const MARK = ".nojekyll";

/**
 * The full path of a folder for the site.
 *
 * @throws {UsageError} When it holds something that is no built site: that would be lost.
 */
export function folderForSite(name: string): string {
  const folder = resolve(name);
  const way = relative(folder, resolve(ROOT));
  if (way === "" || !way.startsWith("..")) {
    throw new UsageError(`Cannot write the site to ${folder}: the repository is in it`);
  }
  if (!existsSync(folder) || existsSync(join(folder, MARK))) return folder;
  if (readdirSync(folder).length === 0) return folder;
  throw new UsageError(
    `Cannot write the site to ${folder}: it holds something else, which would be lost`,
  );
}
