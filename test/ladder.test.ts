// The rungs from 16 to 17, which the bench measures: each is a server as good as 17, and
// they differ by one change at a time.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { EXAMPLES } from "../behaviours/steps.ts";
import { oneFolderDown } from "../scripts/diff/files.ts";
import { diffFile } from "../scripts/diff/model.ts";
import { holdStep } from "./steps.ts";

const FOLDER = "17-performance/rungs";
const RUNGS = readdirSync(join(EXAMPLES, FOLDER)).sort();

for (const rung of RUNGS) {
  const file = rung.replace(".ts", ".js");
  holdStep(rung, {
    // The first still has the rooms of 16, and its words; lines get a limit with 17e.
    step: rung.startsWith("17a") ? 16 : 17,
    command: () => [process.execPath, join(inject("built"), FOLDER, file)],
    alone: false,
    leaveOut: ({ title }) =>
      rung < "17e" && title === "closes a connection whose line never ends"
        ? "it comes with 17e"
        : undefined,
  });
}

/** A server without its first lines, as it would stand in the folder of the rungs. */
function bodyOf(path: string): string {
  const text = readFileSync(join(EXAMPLES, path), "utf8");
  const body = text.slice(text.indexOf("import "));
  return path.includes("/rungs/") ? body : oneFolderDown(body);
}

test("the rungs change one thing at a time", () => {
  const files = ["16-users/server.ts", ...RUNGS.map((rung) => `${FOLDER}/${rung}`)];
  files.push("17-performance/server.ts");
  const changes = files.slice(1).map((file, index) => {
    const { added, removed } = diffFile(file, bodyOf(files[index] ?? ""), bodyOf(file));
    return added + removed;
  });
  const [noDelay, , encode, , lines, gather, names] = changes;
  expect(noDelay).toBeLessThanOrEqual(3);
  expect(encode).toBeLessThanOrEqual(4);
  expect(lines).toBeLessThanOrEqual(110);
  expect(gather).toBeLessThanOrEqual(40);
  expect(names).toBeLessThanOrEqual(8);
});
