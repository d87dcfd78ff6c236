// The steps of a repository: as they stand now, and as they stood at a commit.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, Misuse } from "../cli.ts";

/** The files that make a step, as far as it has them. */
const FILES = ["server.ts", "help.txt"] as const;

/** A step's files by name; one that it does not have is not there. */
export type StepFiles = Map<string, string>;

/** A folder with `examples/NN-name`, within a git repository. */
export class Repository {
  readonly #root: string;

  /** @param root The folder that holds `examples`. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The folders of all steps, in order: `06-concurrent`. */
  slugs(): string[] {
    return readdirSync(join(this.#root, "examples"))
      .filter((name) => /^\d\d-/.test(name))
      .sort();
  }

  /** Where a file stands, seen from the root. */
  pathOf(slug: string, file: string): string {
    return `examples/${slug}/${file}`;
  }

  /** A step as it stands in the working tree. */
  now(slug: string): StepFiles {
    return filesFrom((file) => {
      const path = join(this.#root, this.pathOf(slug, file));
      return existsSync(path) ? readFileSync(path, "utf8") : undefined;
    });
  }

  /** A step as it stood at a commit; no files when it was not there. */
  at(commit: string, slug: string): StepFiles {
    const folder = `examples/${slug}/`;
    const names = this.#git(["ls-tree", "--name-only", commit, folder]).split("\n");
    return filesFrom((file) => {
      const path = this.pathOf(slug, file);
      // With filters, as in the working tree: on Windows the line ends may differ.
      return names.includes(path)
        ? this.#git(["cat-file", "--filters", `${commit}:./${path}`])
        : undefined;
    });
  }

  /** Writes a file of a step; undefined deletes it. */
  write(slug: string, file: string, text: string | undefined): void {
    const path = join(this.#root, this.pathOf(slug, file));
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
  }

  /**
   * The commit that `revision` means.
   *
   * @throws {Misuse} When there is none.
   * @throws {Failure} When this is no git repository, or there is no git.
   */
  resolve(revision: string): string {
    this.#git(["rev-parse", "--git-dir"]);
    const query = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
    const found = this.#try([...query, `${revision}^{commit}`]);
    if (found.status === 0) return found.stdout.trim();
    throw new Misuse(
      `Cannot compare with "${revision}": there is no such commit. Name one with --base`,
    );
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

function filesFrom(read: (file: string) => string | undefined): StepFiles {
  const files: StepFiles = new Map();
  for (const file of FILES) {
    const text = read(file);
    if (text !== undefined) files.set(file, text);
  }
  return files;
}
