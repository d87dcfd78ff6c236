// just compare FILE N: compares your own server with that of a step.
import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { ALL_STEPS } from "../../behaviours/steps.ts";
import { isPath } from "../check/target.ts";
import { Failure, readOptions, run, UsageError } from "../cli.ts";
import { filesOfStep } from "../diff/files.ts";
import { LOOK_OPTIONS, LOOK_USAGE } from "../diff/options.ts";
import { lookFor, show, withUsage } from "../diff/show.ts";
import { findStep } from "../find-step.ts";

const USAGE = `
just compare FILE N [options]

Shows what must change in FILE to make it the server.ts of step N. Lines with - are only in
yours, lines with + only in the step's. Piped, it is a patch that makes the change.

  just compare mine.ts 6         on the terminal
  just compare mine.ts 6 --stat  only how much differs

${LOOK_USAGE}
`;

/** In bytes. A larger file is not a server like these, and its diff takes seconds. */
const LARGEST = 200_000;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, { options: LOOK_OPTIONS });
  const { file, step, look } = withUsage(USAGE, () => {
    const [one, other, ...more] = positionals;
    if (one === undefined || other === undefined || more.length > 0) {
      throw new UsageError("Cannot compare: name one file, and one step");
    }
    const [file, number] = isPath(other) && !isPath(one) ? [other, one] : [one, other];
    return { file, step: findStep(number, ALL_STEPS), look: lookFor(values) };
  });
  const yours = read(file);
  const theirs = filesOfStep(step).get("server.ts") ?? "";
  await show(
    { name: file, files: new Map([["server.ts", yours]]) },
    { name: `${step.slug}/server.ts`, files: new Map([["server.ts", theirs]]) },
    () => patchPath(file),
    look,
  );
  return 0;
});

/**
 * The text of the reader's file.
 *
 * @throws {UsageError} When there is no such file.
 * @throws {Failure} When the file cannot be read, is not text, or is too large.
 */
function read(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new UsageError(
        `Cannot read ${file}: there is no such file. Name your server.ts`,
      );
    }
    if (code === "EISDIR") {
      throw new UsageError(`Cannot read ${file}: it is a folder. Name the file in it`);
    }
    throw new Failure(`Cannot read ${file}: ${code}. Check that you may read it`);
  }
  if (bytes.length > LARGEST || bytes.includes(0)) {
    const state = bytes.includes(0) ? "it is not text" : "it is larger than 200 kB";
    throw new Failure(`Cannot compare ${file}: ${state}. Name a TypeScript file`);
  }
  return bytes.toString("utf8");
}

/** The path relative to the current folder, or for a file outside it, to the file system's root. */
function patchPath(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  const outside = path.startsWith("..") || isAbsolute(path);
  return (outside ? resolve(file).replace(/^([A-Za-z]:)?[\\/]/, "") : path)
    .split(sep)
    .join("/");
}
