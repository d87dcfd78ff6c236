// just compare: a reader's own file against a step.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, expect, test } from "vitest";
import { STEPS } from "../../behaviours/steps.ts";
import { filesOfStep } from "../../scripts/diff/files.ts";
import { commandNamed, needs } from "../requirements.ts";
import { runCommand } from "../run.ts";

const folder = mkdtempSync(join(tmpdir(), "compare-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = STEPS.at(-1);
const slug = step?.slug ?? "";
const server = (step && filesOfStep(step).get("server.ts")) ?? "";
const [firstLine = ""] = server.split("\n");

mkdirSync(join(folder, "a folder"));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
write("mine.ts", server.replace(firstLine, "// my own server"));
write("a folder/mine.ts", "console.log();\n");
write("same.ts", server);
write("binary", "\0\0");

const compare = (...words: string[]) =>
  runCommand(["compare", ...words], {}, { cwd: folder });

test.concurrent("the terminal names both, and shows exactly the line that differs", async () => {
  const { code, stdout, stderr } = await compare("mine.ts", slug, "--color", "always");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const plain = stripVTControlCharacters(stdout);
  expect(plain).toMatch(new RegExp(`^mine.ts → ${slug}/server.ts\n`));
  const changes = plain.split("\n").filter((line) => /^[-+]/.test(line));
  expect(changes).toEqual(["-// my own server", `+${firstLine}`]);
});

test.concurrent("it has the forms that diff has", async () => {
  const { code, stdout } = await compare("mine.ts", slug, "--stat");
  expect(code).toBe(0);
  expect(stdout).toMatch(/\ntotal +\+1 +-1\n$/);
});

test.concurrent("piped, it is a patch that makes the step's server of the file", async () => {
  // A name with a blank, which patches must mark.
  const path = "a folder/mine.ts";
  const before = readFileSync(join(folder, path), "utf8");
  const { code, stdout } = await compare(path, slug);
  expect(code).toBe(0);
  const tools = [["git", "apply"]];
  if (needs(commandNamed("patch"), "a patch by patch -p1", "patch")) {
    tools.push(["patch", "-p1", "--binary"]);
  }
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
  delete env["GIT_DIR"];
  for (const [command = "", ...words] of tools) {
    write(path, before);
    const run = spawnSync(command, words, { cwd: folder, input: stdout, env });
    expect(`${run.status} ${run.stderr}`).toMatch(/^0 /);
    expect(readFileSync(join(folder, path), "utf8")).toBe(server);
  }
});

test.concurrent("the same text: one line says so", async () => {
  const { code, stdout, stderr } = await compare("same.ts", slug);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toBe(`There is no difference: same.ts and ${slug}/server.ts\n`);
});

test.concurrent.each([
  [["nothing.ts", slug], 2, /^Cannot read nothing.ts: there is no such file.*\n$/],
  [["a folder", slug], 2, /^Cannot read a folder: it is a folder.*\n$/],
  [["binary", slug], 1, /^Cannot compare binary: it is not text.*\n$/],
  [
    ["mine.ts"],
    2,
    /^Cannot compare: name one file, and one step\n\nUsage: .* compare FILE N/,
  ],
  [
    ["mine.ts", "no-such-step"],
    2,
    /^Cannot find the step: there is no step "no-such-step"\nSee all: .*\n$/,
  ],
])("misuse %j is one clear line", async (words, code, message) => {
  const result = await compare(...words);
  expect(result).toMatchObject({ code, stdout: "" });
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toMatch(/^\s+at /m);
});
