// just docs, as it is typed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { folderForSite, writeSite } from "../../scripts/docs/site/folder.ts";
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

  test("is the one that a link leads to", () => {
    const [real, link] = [join(folder, "real"), join(folder, "link")];
    mkdirSync(real);
    symlinkSync(real, link);
    expect(folderForSite(link)).toBe(real);
  });
});

describe("writing the site", () => {
  test("replaces the one that was there, and nothing beside it", () => {
    const within = join(folder, "some");
    const out = folderForSite(join(within, "site"));
    mkdirSync(`${out}.new`);
    writeFileSync(join(`${out}.new`, "notes.txt"), "precious");
    writeSite(new Map([["old.html", "old"]]), out);
    writeSite(new Map([["b/new.html", "new"]]), out);
    const written = readdirSync(within, { recursive: true }).sort();
    const files = ["site", "site.new", "site.new/notes.txt", "site/b", "site/b/new.html"];
    expect(written).toEqual(files.map((path) => join(path)));
    expect(readFileSync(join(out, "b/new.html"), "utf8")).toBe("new");
    // Whoever serves it may be another user.
    expect(statSync(out).mode).toBe(statSync(within).mode);
  });

  test("leaves the old one, and nothing beside it, when it fails", () => {
    const within = join(folder, "failed");
    const out = folderForSite(join(within, "site"));
    writeSite(new Map([["old.html", "old"]]), out);
    const clash = new Map([
      ["a", "a file"],
      ["a/b", "is no folder"],
    ]);
    expect(() => writeSite(clash, out)).toThrow(`Cannot write the site to ${out}: E`);
    expect(readdirSync(within)).toEqual(["site"]);
    expect(existsSync(join(out, "old.html"))).toBe(true);
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
    [["build", "--out", "package.json"], "package.json: it is no folder"],
    [["--port", "http"], 'Cannot use port "http"'],
    [["update", "nowhere"], 'Cannot find the page "nowhere": it is no file of docs/'],
  ])("says of %j what is wrong with it", async (words, message) => {
    const { code, stderr } = await runCommand(["docs", ...words]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
  test("says before it builds that nothing can be written there", async ({ expect }) => {
    const { code, stderr } = await runCommand(["docs", "build", "-o", "package.json/x"]);
    expect(stderr).toMatch(
      /^Cannot write the site to \S+package\.json\/x: \w+\. Name a folder .*\n$/,
    );
    expect(code).toBe(1);
  });
});
