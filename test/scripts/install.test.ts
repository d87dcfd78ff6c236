// What a command installs, and what it says when that fails: with an npm of our own, so that
// neither a network nor a full disk is needed.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { MACHINE_STEPS, REACTOR_STEPS, ROOT, STEPS } from "../../behaviours/steps.ts";
import { packagesOf, STRIPS_TYPES } from "../../scripts/install.mjs";
import { ALL, someOf } from "../requirements.ts";

/** Where Node does not strip types, everything needs tsx as well. */
const TSX = STRIPS_TYPES ? [] : ["tsx"];

describe("what is needed", () => {
  const needs = (file: string) => packagesOf(join(ROOT, file)).sort();

  test.each(STEPS)("by $slug", ({ number, slug }) => {
    const own = number === 18 ? ["pino", "pino-pretty"] : [];
    expect(needs(`examples/${slug}/server.ts`)).toEqual([...own, ...TSX].sort());
  });

  test.each(REACTOR_STEPS)("by $slug", ({ slug, speaks }) => {
    // What is the chat of 18 logs as it does.
    const own = speaks === "chat" ? ["pino", "pino-pretty"] : [];
    expect(needs(`examples/${slug}/server.ts`)).toEqual(["koffi", ...own, ...TSX]);
  });

  test.each(MACHINE_STEPS)("by $slug", ({ number, slug }) => {
    const broker = ["@nats-io/jetstream", "@nats-io/transport-node"];
    const own = [...(number > 1 ? broker : []), "pino", "pino-pretty"];
    expect(needs(`examples/${slug}/server.ts`)).toEqual([...own, ...TSX].sort());
  });

  test.each([
    ["example", []],
    ["telnet", []],
    ["list", []],
    ["check", []],
    ["bots", []],
    ["diff", ["diff"]],
    ["compare", ["diff"]],
    ["server", ["pino", "pino-pretty"]],
    ["chat", ["string-width"]],
  ])("by just %s", (command, packages) => {
    expect(needs(`scripts/commands/${command}.ts`)).toEqual([...packages, ...TSX].sort());
  });
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  // Another user reads it, too.
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

/** A clone, as far as `just diff 1 2` needs one: it has the package `diff`. */
function clone(): string {
  const folder = temporary("clone-");
  for (const name of CLONED) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(join(ROOT, name), join(folder, name));
  }
  return folder;
}

const CLONED = execFileSync(
  "git",
  [
    ...["ls-files", "package.json", "package-lock.json", "behaviours"],
    ...["scripts/*.ts", "scripts/*.mjs", "examples/01-echo", "examples/02-serial"],
    "examples/shared/flags.ts",
  ],
  { cwd: ROOT, encoding: "utf8" },
)
  .trim()
  .split("\n")
  .filter((name) => !name.startsWith("scripts/docs/") && existsSync(join(ROOT, name)));

/** Does what `npm ci` does, with the packages of this repository. */
const COPY = `
  const { cpSync, existsSync, readFileSync } = require("node:fs");
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  for (const path of Object.keys(packages)) {
    const from = ${JSON.stringify(ROOT)} + path;
    if (path && existsSync(from)) cpSync(from, path, { recursive: true });
  }
`;

/** A folder with an `npm` that is this shell script. */
function npm(script: string): string {
  const folder = temporary("npm-");
  writeFileSync(join(folder, "copy.cjs"), COPY);
  writeFileSync(join(folder, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}
const WORKS = `"${process.execPath}" "$(dirname "$0")/copy.cjs"`;

function start(root: string, path: string, options: { uid?: number } = {}) {
  const args = [join(root, "scripts/run.mjs"), "diff", "1", "2", "--stat"];
  const env = { ...process.env, PATH: `${path}${delimiter}/usr/bin${delimiter}/bin` };
  return spawn(process.execPath, args, { env, stdio: "pipe", ...options });
}

async function run(...call: Parameters<typeof start>) {
  const child = start(...call);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text: Buffer) => {
    stdout += text;
  });
  child.stderr.on("data", (text: Buffer) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

const ifAll = test.runIf(ALL);

// What stands for npm is a script of sh.
describe.skipIf(process.platform === "win32")("an install", () => {
  test("brings what the command needs, once, and nothing else", async () => {
    const root = clone();
    const first = await run(root, npm(WORKS));
    expect(first.stderr).toMatch(/^Installing .*\bdiff, once …\n$/);
    expect(first.stdout).toContain("server.ts");
    expect(first.code).toBe(0);
    const names = readdirSync(join(root, "node_modules"));
    expect(names).toContain("diff");
    expect(names).not.toContain("vitest");
    expect(readdirSync(root).sort()).toEqual([
      ...[
        "behaviours",
        "examples",
        "node_modules",
        "package-lock.json",
        "package.json",
        "scripts",
      ],
    ]);
    const second = await run(root, npm("exit 1"));
    expect(second).toMatchObject({ code: 0, stderr: "" });
  });

  ifAll("replaces a version that is not the locked one", async () => {
    const root = clone();
    const manifest = join(root, "node_modules/diff/package.json");
    mkdirSync(dirname(manifest), { recursive: true });
    writeFileSync(manifest, '{ "version": "0.0.1" }');
    expect((await run(root, npm(WORKS))).code).toBe(0);
    expect(JSON.parse(readFileSync(manifest, "utf8")).version).not.toBe("0.0.1");
  });

  ifAll("that was killed has done nothing, and the next one tidies up", async () => {
    const root = clone();
    const marks = temporary("marks-");
    const watcher = watch(marks);
    const begun = join(marks, "begun");
    // It has put half of it there, and hangs.
    const script = `echo $$ >"${marks}/pid"; mv "${marks}/pid" "${begun}"; exec sleep 60`;
    const child = start(root, npm(`${WORKS}; ${script}`));
    while (!existsSync(begun)) await once(watcher, "change");
    watcher.close();
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(join(root, "node_modules"))).toBe(false);
    expect(readdirSync(root).join()).toContain(".installing-");
    expect((await run(root, npm(WORKS))).code).toBe(0);
    expect(readdirSync(root).join()).not.toContain(".installing-");
    process.kill(Number(readFileSync(begun, "utf8")));
  });

  ifAll("does no harm to another at the same time", async () => {
    const root = clone();
    const path = npm(WORKS);
    const all = await Promise.all([1, 2].map(() => run(root, path)));
    for (const { code, stderr, stdout } of all) {
      expect({ code, stderr: stderr.replace(/^Installing.*\n/, "") }).toEqual({
        code: 0,
        stderr: "",
      });
      expect(stdout).toContain("server.ts");
    }
    expect(readdirSync(root).join()).not.toContain(".installing-");
  });

  const failures = [
    ["no network", 'echo "npm error code ENOTFOUND" >&2; exit 1', /registry.*ENOTFOUND/],
    ["a full disk", 'echo "npm error code ENOSPC" >&2; exit 1', /the disk is full/],
    ["no npm", "exit 127", /there is no npm; it comes with Node/],
    ["anything else", 'echo "npm error it burns" >&2; exit 1', /failed\nnpm error it/],
  ] as const;
  test.each(someOf(failures))("says what to do about %s", async (_, script, message) => {
    const root = clone();
    const { code, stdout, stderr } = await run(root, npm(script));
    expect(stderr).toMatch(/^Installing .*\nCannot install .*diff: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(readdirSync(root).join()).not.toContain(".installing-");
  });

  test("says what to do in a clone that is read only", async () => {
    const root = clone();
    chmodSync(root, 0o555);
    // To root nothing is read only.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { code, stderr } = await run(root, npm(WORKS), nobody);
    chmodSync(root, 0o755);
    expect(stderr).toMatch(
      /^Cannot install .*diff: .* cannot be written to \(EACCES\); /,
    );
    expect(code).toBe(1);
  });
});
