// Writes the site to a folder. All that is there is replaced, so not every folder will do.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ROOT } from "../../../behaviours/steps.ts";
import { Failure, UsageError } from "../../cli.ts";
import { makeOutFolder } from "../../out-folder.ts";
import type { Built } from "./build.ts";

/** A file that every built site has. */
const MARK = ".nojekyll";

/**
 * The full path of a folder for the site. Makes the folder that it is in.
 *
 * @throws {UsageError} When it holds something that is no built site: that would be lost.
 * @throws {Failure} When nothing can be written there.
 */
export function folderForSite(name: string): string {
  const folder = existsSync(name) ? realpathSync(name) : resolve(name);
  const way = relative(folder, realpathSync(ROOT));
  if (way === "" || !way.startsWith("..")) {
    throw new UsageError(`Cannot write the site to ${folder}: the repository is in it`);
  }
  if (existsSync(folder) && !existsSync(join(folder, MARK))) {
    const state = !statSync(folder).isDirectory()
      ? "it is no folder"
      : readdirSync(folder).length > 0
        ? "it holds something else, which would be lost"
        : undefined;
    if (state) throw new UsageError(`Cannot write the site to ${folder}: ${state}`);
  }
  makeOutFolder(dirname(folder), `the site to ${folder}`);
  return folder;
}

/**
 * Writes the files into a folder, replacing its contents. The old folder stays until the
 * new one is complete.
 *
 * @param folder Its full path; the folder that it is in exists.
 * @throws {Failure} When it cannot be written.
 */
export function writeSite(files: Built, folder: string): void {
  let beside: string | undefined;
  try {
    // Only its owner may read what mkdtemp makes, but not the folders in it.
    beside = mkdtempSync(`${folder}-`);
    const [fresh, old] = [join(beside, "new"), join(beside, "old")];
    for (const [path, text] of files) {
      const target = join(fresh, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text, path.endsWith(".png") ? "base64" : "utf8");
    }
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(fresh, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(`Cannot write the site to ${folder}: ${code}`);
  } finally {
    if (beside !== undefined) rmSync(beside, { recursive: true, force: true });
  }
}
