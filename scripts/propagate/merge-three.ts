// The three-way merge of one file, as git does it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../cli.ts";

/** A text, and its name in conflict markers. */
export interface Side {
  readonly text: string;
  readonly label: string;
}

export interface Merged {
  readonly text: string;
  /** The lines of each conflict, from 1, including the markers; empty when it is clean. */
  readonly conflicts: readonly { readonly first: number; readonly last: number }[];
}

/** With this exit code and above, git reports that it could not merge at all. */
const ERROR = 128;

/**
 * Applies to `ours` the change from `base` to `theirs`.
 *
 * @throws {Failure} When git cannot merge, as with a file that is not text.
 */
export function mergeThree(ours: Side, base: Side, theirs: Side): Merged {
  const folder = mkdtempSync(join(tmpdir(), "propagate-"));
  try {
    const sides = [ours, base, theirs].map(({ text, label }, index) => {
      const file = join(folder, String(index));
      writeFileSync(file, text);
      return { file, label };
    });
    const git = spawnSync(
      "git",
      [
        "merge-file",
        "-p",
        // Shows the base too: without it you cannot see what the edit was.
        "--diff3",
        ...sides.flatMap(({ label }) => ["-L", label]),
        ...sides.map(({ file }) => file),
      ],
      // Runs outside any repository, so that no repository's settings change the result.
      { cwd: folder, encoding: "utf8" },
    );
    if (git.error || git.status === null || git.status >= ERROR) {
      const why = git.error?.message ?? git.stderr.trim();
      throw new Failure(`Cannot merge ${ours.label}: git merge-file failed, ${why}`);
    }
    // The exit code decides, because a file may contain lines that look like markers.
    return { text: git.stdout, conflicts: git.status > 0 ? conflictsIn(git.stdout) : [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where a text has conflict markers. */
export function conflictsIn(text: string): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  let first = 0;
  text.split("\n").forEach((line, index) => {
    if (line.startsWith("<<<<<<< ")) first = index + 1;
    if (!line.startsWith(">>>>>>> ")) return;
    found.push({ first: first || index + 1, last: index + 1 });
    first = 0;
  });
  if (first > 0) found.push({ first, last: first });
  return found;
}
