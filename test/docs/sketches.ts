// Sketches: code of the pages that stands in no file. It is type-checked like all other.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { type Fence, fencesIn } from "../../scripts/docs/session/fences.ts";

interface Sketch {
  /** `docs/asides/promises.md`. */
  readonly file: string;
  /** Of its fence, from 1; the code begins on the next. */
  readonly line: number;
  readonly text: string;
}

/** The sketches of a page. */
export function sketchesIn(file: string, page: string): Sketch[] {
  return fencesIn(file, page, ["ts"])
    .filter(({ info }) => info.trim() === "ts sketch")
    .map(({ line, text }: Fence) => ({ file, line, text }));
}

/**
 * Type-checks all sketches at once, as the repository's own code is, but for names that are
 * not used: a sketch ends where its point is made.
 *
 * @returns The errors, each with page and line.
 */
export async function checkSketches(sketches: readonly Sketch[]): Promise<string[]> {
  // Beside docs/, so that ../examples/ leads where it does in a page.
  const folder = mkdtempSync(join(ROOT, ".sketches-"));
  try {
    const files = new Map(sketches.map((sketch, index) => [`${index}.ts`, sketch]));
    for (const [name, { text }] of files) {
      writeFileSync(join(folder, name), text);
    }
    const options = { noUnusedLocals: false, noUnusedParameters: false };
    const config = {
      extends: "../tsconfig.json",
      compilerOptions: options,
      files: [...files.keys()],
      include: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const output = await tsc(folder);
    return output.split("\n").flatMap((line) => tellPlace(line, files));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `3.ts(2,5): error …` as the page has it; further lines of an error as they are. */
function tellPlace(line: string, files: ReadonlyMap<string, Sketch>): string[] {
  const [, name = "", row = "", problem] =
    /^.*?(\d+\.ts)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
  const sketch = files.get(name);
  if (!sketch) return line.trim() === "" ? [] : [line];
  return [`${sketch.file}:${sketch.line + Number(row)}: ${problem}`];
}

function tsc(folder: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const bin = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [bin, "--pretty", "false", "-p", folder],
      { cwd: folder },
      (error, stdout, stderr) => {
        // It ends with a code other than 0 when it finds errors: then it names them.
        if (error && stdout === "") reject(new Error(`${error.message}\n${stderr}`));
        else resolve(stdout);
      },
    );
  });
}
