// The site on a machine without network, and with a Node whose library does not fit the machine
// of the playground: it is built without it, and says so once.
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { findFaults } from "../../scripts/docs/site/dead-links.ts";

const OTHER_NODE = `data:text/javascript,Object.defineProperty(process, "versions", {
  value: { ...process.versions, node: "20.19.0" } })`.replaceAll(/\s/g, "%20");
/** Not of the book; of node_modules, what was fetched before stays behind. */
const LEFT_OUT = /^(?:\.git|node_modules|site)(?:\/|$)/;

/** The book in a folder of its own, with the packages of this one. */
function copyOfTheBook(): string {
  const folder = mkdtempSync(join(tmpdir(), "offline-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.test(relative(ROOT, path)),
  });
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name.startsWith(".")) continue;
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
  return folder;
}

test("is built without the playground, and says so once", {
  timeout: 600_000,
}, async () => {
  const folder = copyOfTheBook();
  const env = {
    ...process.env,
    npm_config_offline: "true",
    npm_config_cache: join(folder, "npm"),
  };
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", OTHER_NODE, join(folder, "scripts/run.mjs"), "docs", "build"],
    { env },
  );
  expect(stderr.match(/without the playground/g)).toHaveLength(1);
  expect(stderr).toContain("npm did not bring it\nConnect to the network once");
  const site = join(folder, "site");
  const files = new Map(
    readdirSync(site, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(site, path), readFileSync(path, "utf8")]),
  );
  expect([...files.keys()]).not.toContain("machine.js");
  expect(findFaults(files)).toEqual([]);
  expect(files.get("08-chat.html")).not.toContain("data-run");
  expect(files.get("08-chat.html")).not.toContain("duel.html?");
  expect(files.get("duel.html")).toContain("was built without the machine");
});
