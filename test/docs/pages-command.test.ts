// just docs, as it is typed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { folderForSite } from "../../scripts/docs/folder.ts";
import { runCommand } from "../run.ts";

const folder = mkdtempSync(join(tmpdir(), "docs-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the folder of the site", () => {
  test.each([ROOT, join(ROOT, ".."), "/"])(
    "is not %s, which holds the repository",
    (name) => {
      expect(() => folderForSite(name)).toThrow("the repository is in it");
    },
  );

  test("may be new, empty, or a site", () => {
    const site = join(folder, "site");
    expect(folderForSite(site)).toBe(site);
    mkdirSync(site);
    expect(folderForSite(site)).toBe(site);
    writeFileSync(join(site, "letter.txt"), "Dear Ann");
    expect(() => folderForSite(site)).toThrow("it holds something else");
    writeFileSync(join(site, ".nojekyll"), "");
    expect(folderForSite(site)).toBe(site);
  });
});

describe.concurrent("just docs", () => {
  test("tells what it can do", async ({ expect }) => {
    const { code, stdout } = await runCommand(["docs", "--help"]);
    expect(code).toBe(0);
    for (const word of ["build", "check", "update", "--port", "--out"]) {
      expect(stdout).toContain(word);
    }
  });

  test.each([
    [["bild"], 'Cannot do "bild" with the docs: there are build, check and update'],
    [["build", "08"], 'Cannot build "08" alone: only update takes pages'],
    [["check", "--out", "x"], "Cannot use --out with check"],
    [["build", "--port", "1"], "Cannot use --port with build"],
    [["--port", "http"], 'Cannot use port "http"'],
    [["update", "nowhere"], 'Cannot find the page "nowhere": it is no file of docs/'],
  ])("says of %j what is wrong with it", async (words, message) => {
    const { code, stderr } = await runCommand(["docs", ...words]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
});
