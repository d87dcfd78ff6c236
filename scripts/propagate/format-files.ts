// Formats the written files, as a commit requires.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Formats files with Biome, using the settings in the folder `root`.
 *
 * @param paths Relative to `root`. Files that are not TypeScript are left alone.
 * @returns Why it failed, in one line; undefined when it succeeded.
 */
export function formatFiles(root: string, paths: readonly string[]): string | undefined {
  const scripts = paths.filter((path) => path.endsWith(".ts"));
  if (scripts.length === 0) return undefined;
  let folder: string;
  try {
    folder = dirname(
      createRequire(import.meta.url).resolve("@biomejs/biome/package.json"),
    );
  } catch {
    return "Not formatted, because Biome is not installed: npm install, then npx biome format --write";
  }
  const words = [join(folder, "bin/biome"), "format", "--write", ...scripts];
  const biome = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
  if (biome.status === 0) return undefined;
  return `Not formatted: ${biome.error?.message ?? biome.stderr.trim()}`;
}
