// A repository of small steps, for the tests of just propagate.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type PropagateOptions, propagate } from "../../scripts/propagate/propagate.ts";

// A hook of git sets where its repository is, which must not reach the git of a test.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("GIT_")) delete process.env[name];
}

/** The middle is the same in all steps, and far from what they change. */
export const server = (top: string, bottom: string) =>
  [top, "a", "b", "c", "shared", "d", "e", "f", bottom, ""].join("\n");

export const HELP = "help\none\ntwo\nthree\n";

/** A repository whose steps are committed; the tests edit its working tree. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "propagate-test-"));
  readonly printed: string[] = [];

  readonly #files: readonly string[];

  /** It is gone when the test that makes it has finished. */
  constructor(files: Record<string, string>) {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    this.#files = Object.keys(files);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.git("init", "-q");
    this.commit();
  }

  commit() {
    this.git("add", "-A");
    const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    this.git(...author, "commit", "-q", "--no-verify", "--no-gpg-sign", "-m", "steps");
  }

  git(...words: string[]) {
    const run = spawnSync("git", words, { cwd: this.root, encoding: "utf8" });
    expect(`${run.status} ${run.stderr}`).toMatch(/^0 /);
  }

  path(path: string) {
    return join(this.root, "examples", path);
  }

  write(path: string, text: string) {
    mkdirSync(join(this.path(path), ".."), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  edit(path: string, from: string, to: string) {
    const text = this.read(path);
    expect(text).toContain(from);
    this.write(path, text.replace(from, to));
  }

  read(path: string) {
    return readFileSync(this.path(path), "utf8");
  }

  /** All files; null for one that is not there. */
  all() {
    const entries = this.#files.map((path) => [
      path,
      existsSync(this.path(path)) ? this.read(path) : null,
    ]);
    return Object.fromEntries(entries) as Record<string, string | null>;
  }

  propagate(slug: string, options: Partial<PropagateOptions> = {}) {
    return propagate({
      root: this.root,
      slug,
      base: options.base ?? "HEAD",
      dryRun: options.dryRun ?? false,
      print: (line) => this.printed.push(line),
      ...(options.format ? { format: options.format } : {}),
    });
  }
}
