// A patch with which `git apply` and `patch -p1` turn the old files into the new ones.
import { formatPatch, structuredPatch } from "diff";
import type { Files } from "./model.ts";

/**
 * The patch for all files that differ, including region marks; empty when none does.
 *
 * @param pathOf The path of a file, with `/` between folders, relative to where the patch is
 * applied. The old and the new file have the same path.
 */
export function patchOf(
  before: Files,
  after: Files,
  pathOf: (name: string) => string = (name) => name,
): string {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => filePatch(pathOf(name), before.get(name), after.get(name)))
    .join("");
}

function filePatch(
  path: string,
  before: string | undefined,
  after: string | undefined,
): string {
  // `patch` accepts a name with a space only when a tab follows it.
  const header = path.includes(" ") ? " " : undefined;
  const patch = structuredPatch(
    before === undefined ? "/dev/null" : `a/${path}`,
    after === undefined ? "/dev/null" : `b/${path}`,
    before ?? "",
    after ?? "",
    header,
    header,
    { context: 3 },
  );
  return formatPatch({
    ...patch,
    isGit: true,
    isCreate: before === undefined,
    isDelete: after === undefined,
  });
}
