// The servers of a repository that an edit passes through: as they are now, and as they were at
// a commit.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, UsageError } from "../cli.ts";
import { oneFolderDown, oneFolderUp } from "../diff/files.ts";
import { isBelow, type Place, pathOf } from "./place.ts";
import type { PlaceState } from "./plan.ts";

/** The files that a step may have. */
const FILES = ["server.ts", "fold.ts", "help.txt"] as const;

/** A folder with `examples/NN-name`, within a git repository. */
export class Repository {
  readonly #root: string;

  /** @param root The folder that contains `examples`. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The steps and rungs of one part of the book from `slug` on, in the order in which an edit
   * passes through them: the rungs of a step come before it. Empty when there is no `slug`.
   */
  chainFrom(slug: string): Place[] {
    const [part = ""] = /^\D*/.exec(slug) ?? [];
    const places = this.#names("")
      .filter((name) => new RegExp(`^${part}\\d+-`).test(name))
      .flatMap((folder) => [
        ...this.#scripts(`${folder}/rungs`).map((rung) => {
          return { slug: rung, folder, isRung: true };
        }),
        { slug: folder, folder, isRung: false },
      ]);
    const first = places.findIndex((place) => place.slug === slug);
    return first < 0 ? [] : places.slice(first);
  }

  /** A place in the working tree, and as it was at a commit. */
  stateOf(place: Place, commit: string): PlaceState {
    const exercises = place.isRung ? [] : this.#scripts(`${place.folder}/exercises`);
    return {
      ...place,
      base: this.#at(commit, place),
      now: this.#now(place, place.isRung ? ["server.ts"] : FILES),
      solutions: this.#now(
        place,
        exercises.map((name) => `exercises/${name}.ts`),
      ),
    };
  }

  /** Writes a file of a place; undefined deletes it. */
  write(place: Place, file: string, text: string | undefined): void {
    const path = join(this.#root, pathOf(place, file));
    if (text === undefined) rmSync(path);
    else writeFileSync(path, isBelow(place, file) ? oneFolderDown(text) : text);
  }

  /**
   * The commit that `revision` means.
   *
   * @throws {UsageError} When there is none.
   * @throws {Failure} When this is not a git repository, or git is not installed.
   */
  resolve(revision: string): string {
    this.#git(["rev-parse", "--git-dir"]);
    const query = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    const found = this.#try([...query, `${revision}^{commit}`]);
    if (found.status === 0) return found.stdout.trim();
    throw new UsageError(
      `Cannot compare with "${revision}": there is no such commit. Name one with --base`,
    );
  }

  #now(place: Place, files: readonly string[]): Map<string, string> {
    return textsOf(place, files, (path) => {
      const full = join(this.#root, path);
      return existsSync(full) ? readFileSync(full, "utf8") : undefined;
    });
  }

  /** Returns no files when the place did not exist. */
  #at(commit: string, place: Place): Map<string, string> {
    return textsOf(place, place.isRung ? ["server.ts"] : FILES, (path) => {
      const there = this.#git(["ls-tree", "--name-only", commit, path]) !== "";
      // With filters, as in the working tree: on Windows the line endings may differ.
      return there
        ? this.#git(["cat-file", "--filters", `${commit}:./${path}`])
        : undefined;
    });
  }

  /** The names in a folder of the examples; empty when it does not exist. */
  #names(folder: string): string[] {
    const path = join(this.#root, "examples", folder);
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  #scripts(folder: string): string[] {
    return this.#names(folder)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => name.replace(/\.ts$/, ""));
  }

  #git(words: string[]): string {
    const git = this.#try(words);
    if (git.status === 0) return git.stdout;
    const why = git.error?.message ?? git.stderr.trim().split("\n")[0];
    throw new Failure(`Cannot read the commits in ${this.#root}: ${why}`);
  }

  #try(words: string[]) {
    return spawnSync("git", words, { cwd: this.#root, encoding: "utf8" });
  }
}

/** The texts of the files that exist, as they would be in the folder of a step. */
function textsOf(
  place: Place,
  files: readonly string[],
  read: (path: string) => string | undefined,
): Map<string, string> {
  return new Map(
    files.flatMap((file) => {
      const text = read(pathOf(place, file));
      if (text === undefined) return [];
      return [[file, isBelow(place, file) ? oneFolderUp(text) : text] as const];
    }),
  );
}
