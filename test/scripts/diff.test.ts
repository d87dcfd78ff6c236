// just diff: the model, the patch, what the terminal shows, and the command itself.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { applyPatch, parsePatch } from "diff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ROOT, STEPS, type Step } from "../../behaviours/steps.ts";
import { UsageError } from "../../scripts/cli.ts";
import { filesOfStep, oneFolderUp } from "../../scripts/diff/files.ts";
import { pairsOf, wordsOf } from "../../scripts/diff/line-pairs.ts";
import { diffFile, diffFiles, type Files, totalOf } from "../../scripts/diff/model.ts";
import { chooseLook } from "../../scripts/diff/options.ts";
import { page } from "../../scripts/diff/pager.ts";
import { patchOf } from "../../scripts/diff/patch.ts";
import { forTerminal, type Look } from "../../scripts/diff/terminal.ts";
import { findProgram } from "../../scripts/programs.ts";
import { commandNamed, needs } from "../requirements.ts";
import { runCommand } from "../run.ts";

const ESCAPE = "\u001b";
const PLAIN: Look = { form: "unified", color: false, width: 80 };
const hasPatch = needs(commandNamed("patch"), "patches by patch -p1", "patch");

// A hook of git sets where its repository is, which must not reach the git of a test.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("GIT_")) delete process.env[name];
}
const gitEnv = {
  ...process.env,
  // The temp folder may lie within some repository, and that must not matter.
  GIT_CEILING_DIRECTORIES: tmpdir(),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: join(tmpdir(), "no-such-config"),
};

function inFolder<Result>(files: Files, use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "diff-test-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a real tool makes of `before`, for the names that are in either. */
function applied(tool: string[], before: Files, after: Files, patch: string): Files {
  return inFolder(before, (cwd) => {
    const [command = "", ...words] = tool;
    const run = spawnSync(command, words, { cwd, input: patch, env: gitEnv });
    expect(`${run.status} ${run.stderr}`).toMatch(/^0 /);
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return new Map(
      names
        .filter((name) => existsSync(join(cwd, name)))
        .map((name) => [name, readFileSync(join(cwd, name), "utf8")]),
    );
  });
}

const GIT = ["git", "apply", "--whitespace=nowarn"];

const diffCommand = (...words: string[]) => runCommand(["diff", ...words]);

function pick(number: number): Step {
  const step = STEPS[number - 1];
  if (!step) throw new Error(`no step ${number}`);
  return step;
}

const last = STEPS.length;
const PAIRS: [number, number][] = [
  ...STEPS.slice(1).map((step): [number, number] => [step.number - 1, step.number]),
  [1, last],
  [last, 1],
  [5, 4],
  [4, 5],
];

const within = (step: Step, files: Files): Files =>
  new Map([...files].map(([name, text]) => [`examples/${step.slug}/${name}`, text]));

test.each(PAIRS)("the patch %i to %i makes B's files of A's", (from, to) => {
  const [a, b] = [pick(from), pick(to)];
  const patch = patchOf(
    filesOfStep(a),
    filesOfStep(b),
    (name) => `examples/${a.slug}/${name}`,
  );
  const before = within(a, filesOfStep(a));
  const after = within(a, filesOfStep(b));
  const sorted = (files: Files) => [...files].sort();
  expect(sorted(applied(GIT, before, after, patch))).toEqual(sorted(after));
  if (!hasPatch) return;
  const byPatch = applied(["patch", "-p1", "--binary"], before, after, patch);
  expect(sorted(byPatch)).toEqual(sorted(after));
});

test("a file that only one side has comes from or goes to /dev/null", () => {
  const files: Files = new Map([["help.txt", "help\n"]]);
  const added = patchOf(new Map(), files);
  expect(added).toContain("new file mode 100644\n--- /dev/null\n+++ b/help.txt\n");
  const removed = patchOf(files, new Map());
  expect(removed).toContain("deleted file mode 100644\n--- a/help.txt\n+++ /dev/null\n");
});

test("empty files come and go", () => {
  const files: Files = new Map([["help.txt", ""]]);
  const none: Files = new Map();
  expect(applied(GIT, none, files, patchOf(none, files))).toEqual(files);
  expect(applied(GIT, files, none, patchOf(files, none))).toEqual(none);
});

const smallText = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom("a", "b", "", " c", "x ❤️", "-- a", "++ b", "\\ n", "\t", "@@"),
        fc.constantFrom("\n", "\n", "\r\n"),
      ),
      { maxLength: 12 },
    ),
    fc.constantFrom("", "", "end", "a\r"),
  )
  .map(([lines, end]) => lines.flat().join("") + end);

test("a patch of any two texts yields the second", () => {
  fc.assert(
    fc.property(smallText, smallText, (a, b) => {
      const patch = patchOf(new Map([["f", a]]), new Map([["f", b]]));
      if (a === b) return patch === "";
      return applyPatch(a, patch, { autoConvertLineEndings: false }) === b;
    }),
    { numRuns: 500 },
  );
});

test("git apply too takes the patch of any two texts", () => {
  fc.assert(
    fc.property(smallText, smallText, (a, b) => {
      fc.pre(a !== b);
      const [before, after] = [new Map([["f", a]]), new Map([["f", b]])];
      expect(applied(GIT, before, after, patchOf(before, after))).toEqual(after);
    }),
    { numRuns: 60 },
  );
});

test("the rows of any two texts are those texts, and pairs hold the same rows", () => {
  fc.assert(
    fc.property(smallText, smallText, (a, b) => {
      const { hunks } = diffFile("f", a, b, { context: Number.POSITIVE_INFINITY });
      fc.pre(a !== b);
      const rows = hunks.flatMap((hunk) => hunk.rows);
      const textOf = (kinds: string[]) =>
        rows
          .filter((row) => kinds.includes(row.kind))
          .map((row, index, all) =>
            // An equal line is one row, whose end both sides share.
            index < all.length - 1 || row.ended ? `${row.text}\n` : row.text,
          )
          .join("");
      expect(textOf(["same", "removed"])).toBe(a);
      expect(textOf(["same", "added"])).toBe(b);
      const pairs = hunks.flatMap((hunk) => hunk.pairs);
      const olds = pairs.flatMap((pair) => pair.before ?? []);
      const news = pairs.flatMap((pair) => pair.after ?? []);
      expect(olds).toEqual(rows.filter((row) => row.kind !== "added"));
      expect(news).toEqual(rows.filter((row) => row.kind !== "removed"));
    }),
    { numRuns: 300 },
  );
});

test("exactly the lines that differ are rows that differ, numbered on both sides", () => {
  const before = "one\ntwo\nthree\nfour\n";
  const after = "zero\none\ntwo\nthree!\nfour\n";
  const diff = diffFile("f", before, after, { context: 1 });
  expect(diff).toMatchObject({ name: "f", status: "changed", added: 2, removed: 1 });
  const rows = diff.hunks.map((hunk) =>
    hunk.rows.map((row) => [row.kind, row.text, row.oldNumber, row.newNumber]),
  );
  expect(rows).toEqual([
    [
      ["added", "zero", undefined, 1],
      ["same", "one", 1, 2],
      ["same", "two", 2, 3],
      ["removed", "three", 3, undefined],
      ["added", "three!", undefined, 4],
      ["same", "four", 4, 5],
    ],
  ]);
  expect(diff.hunks[0]).toMatchObject({
    old: { start: 1, count: 4 },
    new: { start: 1, count: 5 },
  });
});

test("changes far apart are hunks of their own, near ones share one", () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const change = (...at: number[]) =>
    lines.map((line, index) => (at.includes(index) ? `${line}!` : line)).join("\n");
  const hunks = (...at: number[]) => diffFile("f", lines.join("\n"), change(...at)).hunks;
  expect(hunks(5, 12)).toHaveLength(1);
  expect(hunks(5, 13)).toHaveLength(2);
  expect(hunks(5, 13)[1]?.old).toEqual({ start: 11, count: 7 });
});

test("a last line without a line feed differs from one with", () => {
  const diff = diffFile("f", "a\nb", "a\nb\n");
  expect(diff).toMatchObject({ added: 1, removed: 1 });
  const shown = forTerminal(
    { name: "A", files: new Map([["f", "a\nb"]]) },
    { name: "B", files: new Map([["f", "a\nb\n"]]) },
    PLAIN,
  );
  expect(shown).toContain("-b\n\\ No newline at end of file\n+b\n");
  const byWord = forTerminal(
    { name: "A", files: new Map([["f", "a\nb"]]) },
    { name: "B", files: new Map([["f", "a\nb\n"]]) },
    { ...PLAIN, form: "word" },
  );
  expect(byWord).toContain("~b\n\\ No newline at end of the old file\n");
});

test("region marks are not shown, but are in the patch, and lines keep their numbers", () => {
  const before = "a\n// #region x\nb\n// #endregion\nc\n";
  const after = "a\n  // #region y z\nb\nc!\n";
  const [a, b] = [new Map([["f", before]]), new Map([["f", after]])];
  const shown = forTerminal({ name: "A", files: a }, { name: "B", files: b }, PLAIN);
  expect(shown).not.toContain("region");
  expect(shown).toContain("@@ -1,5 +1,4 @@\n a\n b\n-c\n+c!\n");
  expect(patchOf(a, b)).toContain("-// #endregion");
  expect(diffFile("f", before, "a\nb\nc\n").status).toBe("same");
  expect(diffFile("f", before, "a\nb\nc\n", { regions: "keep" }).removed).toBe(2);
});

test("the words that changed in a line", () => {
  expect(wordsOf("const main = new Room();", "const rooms = new Rooms();")).toEqual([
    { kind: "same", text: "const " },
    { kind: "removed", text: "main" },
    { kind: "added", text: "rooms" },
    { kind: "same", text: " = new " },
    { kind: "removed", text: "Room" },
    { kind: "added", text: "Rooms" },
    { kind: "same", text: "();" },
  ]);
});

test("the words of any two lines hold both lines whole", () => {
  const line = fc
    .array(fc.constantFrom("a", "bc", " ", "  ", "(", ".", "❤️", "\t"), { maxLength: 12 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(line, line, (a, b) => {
      const words = wordsOf(a, b);
      const side = (other: string) =>
        words.map((word) => (word.kind === other ? "" : word.text)).join("");
      expect(side("added")).toBe(a);
      expect(side("removed")).toBe(b);
    }),
  );
});

test("a changed line meets the one it became, not the first that was added", () => {
  const { hunks } = diffFile(
    "f",
    "const inbox = main.join(name);\n",
    "// something else\nlet inbox = room.join(name);\n",
  );
  const pairs = hunks.flatMap((hunk) => hunk.pairs);
  expect(pairs.map((pair) => [pair.before?.oldNumber, pair.after?.newNumber])).toEqual([
    [undefined, 1],
    [1, 2],
  ]);
  expect(pairs[1]?.words).toContainEqual({ kind: "removed", text: "main" });
  expect(pairsOf([], [])).toEqual([]);
});

const A = {
  name: "A",
  files: new Map([["f", "same 漢字\nlet heart = '❤️ 🎉';\n\u001b[31mred\r\n"]]),
};
const B = {
  name: "B",
  files: new Map([
    ["f", `same 漢字\nlet heart = '❤️❤️';\n${"long 🎉 line ".repeat(20)}\n`],
  ]),
};

test("--word marks the changed words within their line", () => {
  const shown = forTerminal(A, B, { ...PLAIN, form: "word" });
  expect(shown).toContain("~let heart = '");
  expect(shown).toMatch(/\[-.*-\]\{\+.*\+\}';/);
  expect(shown).toContain("\n same 漢字\n");
  const colored = forTerminal(A, B, { ...PLAIN, form: "word", color: true });
  expect(colored).not.toContain("{+");
});

test.each([60, 80, 101, 160])("--side-by-side keeps its columns at width %i", (width) => {
  const shown = forTerminal(A, B, { form: "side-by-side", color: false, width });
  const rows = shown.split("\n").filter((line) => line.includes("│"));
  // Of the characters here these take two columns, and all others one.
  const columns = (text: string) =>
    // The mark that makes a heart red adds one to the heart's own.
    [...text].reduce((sum, char) => sum + (/[漢字🎉]/u.test(char) ? 2 : 1), 0);
  // A heart stays one in red.
  expect(rows.join("").match(/❤(?!\ufe0f)/gu)).toBeNull();
  expect(rows.join("").match(/❤\ufe0f/gu)).toHaveLength(3);
  // What terminals disagree about is not there at all.
  for (const mark of ["\u200d", ESCAPE, "\r", "\t"]) expect(shown).not.toContain(mark);
  const places = new Set(rows.map((row) => columns(row.slice(0, row.indexOf("│")))));
  expect([...places]).toEqual([Math.floor((width - 3) / 2) + 1]);
  for (const row of rows) expect(columns(row)).toBeLessThanOrEqual(width);
  // Nothing is cut off.
  const right = rows.map((row) => row.slice(row.indexOf("│") + 1));
  expect(right.join("").match(/🎉/gu)).toHaveLength(20);
});

test("colours do not change what is written, and without them there is no escape", () => {
  for (const form of ["unified", "side-by-side", "stat", "word"] as const) {
    const plain = forTerminal(A, B, { form, color: false, width: 100 });
    const colored = forTerminal(A, B, { form, color: true, width: 100 });
    expect(plain).not.toContain(ESCAPE);
    expect(colored).toContain(`${ESCAPE}[`);
    if (form === "word") continue;
    expect(stripVTControlCharacters(colored)).toBe(plain);
  }
});

test.each(PAIRS)("--stat %i to %i counts what the patch has", (from, to) => {
  const files = [from, to].map((number) => {
    const all = [...filesOfStep(pick(number))];
    return new Map(
      all.map(([name, text]): [string, string] => [
        name,
        text.replace(/^\s*\/\/ #(end)?region.*\n/gm, ""),
      ]),
    );
  });
  const [before = new Map(), after = new Map()] = files;
  const lines = parsePatch(patchOf(before, after)).flatMap((file) =>
    file.hunks.flatMap((hunk) => hunk.lines),
  );
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  expect(totalOf(diffFiles(before, after))).toEqual({
    added: count("+"),
    removed: count("-"),
  });
  const shown = forTerminal(
    { name: "A", files: before },
    { name: "B", files: after },
    { ...PLAIN, form: "stat" },
  );
  if (lines.length === 0) return;
  expect(shown).toMatch(new RegExp(`\ntotal +\\+${count("+")} +-${count("-")}\n$`));
});

const VALUES = {
  "side-by-side": false,
  stat: false,
  word: false,
  "no-pager": false,
  color: "auto",
};
const TTY = { isTTY: true, columns: 100, env: {} };
const PIPE = { isTTY: false, columns: undefined, env: {} };

test("what is shown depends on where it goes", () => {
  expect(chooseLook(VALUES, TTY)).toEqual({
    form: "unified",
    color: true,
    width: 100,
    patch: false,
    pager: true,
  });
  expect(chooseLook(VALUES, PIPE)).toMatchObject({
    color: false,
    patch: true,
    pager: false,
  });
  const noColor = { ...TTY, env: { NO_COLOR: "1" } };
  expect(chooseLook(VALUES, noColor)).toMatchObject({ color: false, patch: false });
  expect(chooseLook({ ...VALUES, color: "always" }, PIPE)).toMatchObject({
    color: true,
    patch: false,
  });
  expect(chooseLook({ ...VALUES, color: "never" }, TTY).color).toBe(false);
  expect(chooseLook({ ...VALUES, stat: true }, PIPE)).toMatchObject({
    form: "stat",
    patch: false,
  });
  expect(chooseLook({ ...VALUES, "no-pager": true }, TTY).pager).toBe(false);
  const columns = { ...VALUES, "side-by-side": true };
  expect(chooseLook(columns, TTY)).toMatchObject({ form: "side-by-side", width: 100 });
  expect(chooseLook(columns, { ...TTY, columns: 60 })).not.toHaveProperty("note");
  for (const output of [TTY, PIPE]) {
    expect(chooseLook(columns, { ...output, columns: 59 })).toMatchObject({
      form: "unified",
      patch: false,
      note: "--side-by-side needs 60 columns, and this terminal has 59: here is the unified diff",
    });
  }
  expect(() => chooseLook({ ...VALUES, color: "red" }, TTY)).toThrow(UsageError);
  expect(() => chooseLook({ ...VALUES, stat: true, word: true }, TTY)).toThrow(
    UsageError,
  );
});

test("a pager that is quit early, or that there is not, does no harm", async () => {
  const text = "line\n".repeat(1_000_000);
  expect(await page(text, { ...process.env, PAGER: "exit 0" })).toBe(true);
  expect(await page(text, { ...process.env, PAGER: "exit 127" })).toBe(false);
  expect(await page(text, { ...process.env, PAGER: "" })).toBe(false);
  expect(await page(text, { PATH: join(tmpdir(), "no-such-folder") })).toBe(false);
});

test.concurrent("piped, the command prints the patch", async () => {
  const [a, b] = [pick(4), pick(5)];
  const { code, stdout, stderr } = await diffCommand("4", b.slug);
  const path = (name: string) => `examples/${a.slug}/${name}`;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(patchOf(filesOfStep(a), filesOfStep(b), path));
});

test.concurrent.each([
  ["17f", "17"],
  ["17a", "17b"],
  ["17f", "18a"],
  ["16", "17a"],
  ["15.1", "15"],
  ["15", "15.1"],
])("the patch from %s to %s applies to the file of the first", async (from, to) => {
  const [a, b] = [findProgram(from), findProgram(to)];
  const { code, stdout, stderr } = await diffCommand(from, to);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const path = relative(ROOT, a.file).replaceAll("\\", "/");
  const [old, asked] = [a, b].map(({ file }) => readFileSync(file, "utf8"));
  const files = new Map([[path, old ?? ""]]);
  const text = applied(GIT, files, files, stdout).get(path) ?? "";
  const up = (code = "") => oneFolderUp(code);
  expect(up(text)).toBe(up(asked));
  // Its imports work where it is.
  expect(text.includes("../../shared/")).toBe(a.kind !== "step");
});

test.concurrent("a step is compared with the solution of an exercise", async () => {
  const { code, stdout, stderr } = await diffCommand("15", "15.1");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("a/examples/15-empty-rooms/server.ts");
  expect(stdout).not.toContain("../../shared/");
  expect((await diffCommand("15", "15-1-main")).stdout).toBe(stdout);
});

test.concurrent("the same step twice: one line says so", async () => {
  const { code, stdout, stderr } = await diffCommand("6", "6");
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toBe(`There is no difference: ${pick(6).slug}\n`);
});

test.concurrent.each([
  [[], /^Cannot compare: name two steps, not 0\n/],
  [["1", "2", "3"], /^Cannot compare: name two steps, not 3\n/],
])("misuse %j is one clear line and the usage", async (words, line) => {
  const { code, stdout, stderr } = await diffCommand(...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr).toMatch(/\n\nUsage: .* diff A B \[options\] \(more: --help\)\n$/);
  expect(stderr).not.toMatch(/^\s+at /m);
});
