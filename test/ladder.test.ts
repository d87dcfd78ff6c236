// The rungs from 16 to 17, which the bench measures: each is a server as good as 17, and they
// differ by one change at a time, as those from 17 to 18 do. What they do on the wire is
// in ladder.slow.test.ts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXAMPLES } from "../behaviours/steps.ts";
import { oneFolderDown } from "../scripts/diff/files.ts";
import { diffFile } from "../scripts/diff/model.ts";

const FOLDER = "17-performance/rungs";
const RUNGS = readdirSync(join(EXAMPLES, FOLDER)).sort();

/** A server without its first lines, as it would stand in the folder of the rungs. */
function bodyOf(path: string): string {
  const text = readFileSync(join(EXAMPLES, path), "utf8");
  const body = text.slice(text.indexOf("import "));
  return path.includes("/rungs/") ? body : oneFolderDown(body);
}

/** How many lines each server adds to the one before it, or takes from it. */
function changesIn(files: readonly string[]): number[] {
  return files.slice(1).map((file, index) => {
    const { added, removed } = diffFile(file, bodyOf(files[index] ?? ""), bodyOf(file));
    return added + removed;
  });
}

test("the rungs of 18 are climbed one at a time", () => {
  const folder = "18-final/rungs";
  const rungs = readdirSync(join(EXAMPLES, folder)).sort();
  const changes = changesIn([
    "17-performance/server.ts",
    ...rungs.map((rung) => `${folder}/${rung}`),
    "18-final/server.ts",
  ]);
  // The words of a chat and the queues are the two that change how a user is kept.
  expect(changes.filter((lines) => lines > 90).length).toBeLessThanOrEqual(2);
  for (const lines of changes) expect(lines).toBeLessThanOrEqual(180);
});

test("the rungs change one thing at a time", () => {
  const changes = changesIn([
    "16-users/server.ts",
    ...RUNGS.map((rung) => `${FOLDER}/${rung}`),
    "17-performance/server.ts",
  ]);
  const [noDelay, , encode, , lines, gather, names] = changes;
  expect(noDelay).toBeLessThanOrEqual(3);
  expect(encode).toBeLessThanOrEqual(4);
  expect(lines).toBeLessThanOrEqual(110);
  expect(gather).toBeLessThanOrEqual(40);
  expect(names).toBeLessThanOrEqual(8);
});
