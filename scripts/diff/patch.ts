// A patch: what `git apply` and `patch -p1` turn the old files into the new ones with.
import { formatPatch, structuredPatch } from "diff";
import type { Files } from "./model.ts";

/**
 * The patch for all files that differ, region marks included; empty when none does.
 *
 * @param pathOf Where a file stands, with `/` between folders, seen from where the patch
 * is applied. Old and new file stand in the same place: the patch changes it.
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
  // `patch` takes a name with a blank in it only when something follows after a tab.
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
