// just propagate: an edit carried through small steps in a repository made for it.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Failure, UsageError } from "../../scripts/cli.ts";
import { conflictsIn } from "../../scripts/propagate/merge-three.ts";
import { runCommand } from "../run.ts";
import { HELP, Sandbox, server } from "./sandbox.ts";

const STEPS: Record<string, string> = {
  "01-one/server.ts": server("top 1", "bottom"),
  "02-two/server.ts": server("top 2", "bottom"),
  "02-two/help.txt": HELP,
  "03-three/server.ts": server("top 3", "bottom 3"),
  "03-three/help.txt": HELP,
  "04-four/server.ts": server("top 4", "bottom 4\nmore"),
  "04-four/help.txt": `${HELP}more\n`,
};

/** All steps after an edit of the line that they share. */
const EDITED = Object.fromEntries(
  Object.entries(STEPS).map(([path, text]) => [path, text.replace("shared", "edited")]),
);

test("an edit reaches all later steps, which keep what is their own", () => {
  const box = new Sandbox(STEPS);
  box.edit("01-one/server.ts", "shared", "edited");
  expect(box.propagate("01-one")).toBe(true);
  expect(box.all()).toEqual(EDITED);
  expect(box.printed).toEqual([
    "02-two    changed: server.ts",
    "03-three  changed: server.ts",
    "04-four   changed: server.ts",
  ]);
  // Once more: all steps have it already.
  expect(box.propagate("01-one")).toBe(true);
  expect(box.all()).toEqual(EDITED);
  expect(box.printed.slice(3)).toEqual([
    "02-two    unchanged",
    "03-three  unchanged",
    "04-four   unchanged",
  ]);
});

test("edits that later steps have of their own stay", () => {
  const box = new Sandbox(STEPS);
  box.edit("02-two/server.ts", "shared", "edited");
  box.edit("03-three/server.ts", "\ne\n", "\nE\n");
  expect(box.propagate("02-two")).toBe(true);
  expect(box.read("01-one/server.ts")).toBe(STEPS["01-one/server.ts"]);
  expect(box.read("02-two/server.ts")).not.toContain("\nE\n");
  for (const step of ["03-three", "04-four"]) {
    expect(box.read(`${step}/server.ts`)).toContain("edited\nd\nE\nf\nbottom");
  }
});

test("a conflict stops it, with markers in that file and the later steps untouched", () => {
  const box = new Sandbox(STEPS);
  box.edit("01-one/server.ts", "shared", "edited");
  box.edit("01-one/server.ts", "bottom", "ground");
  expect(box.propagate("01-one")).toBe(false);
  expect(box.read("02-two/server.ts")).toBe(
    server("top 2", "ground").replace("shared", "edited"),
  );
  const text = box.read("03-three/server.ts");
  expect(text).toBe(
    [
      ...["top 3", "a", "b", "c", "edited", "d", "e", "f"],
      ...["<<<<<<< 03-three", "bottom 3", "||||||| 02-two before the edit", "bottom"],
      ...["=======", "ground", ">>>>>>> 02-two with the edit", ""],
    ].join("\n"),
  );
  expect(box.read("04-four/server.ts")).toBe(STEPS["04-four/server.ts"]);
  expect(box.printed).toEqual([
    "02-two    changed: server.ts",
    "03-three  conflict: server.ts",
    "",
    "examples/03-three/server.ts: conflict in lines 9-15",
    "The later steps are as they were. Resolve it, then: just propagate 3",
  ]);

  // It refuses to go on before that is resolved, and touches nothing.
  const before = box.all();
  expect(() => box.propagate("01-one")).toThrow(
    /^Cannot carry the edit: examples\/03-three\/server.ts has conflict markers in line 9/,
  );
  expect(() => box.propagate("03-three")).toThrow(Failure);
  expect(box.all()).toEqual(before);

  // Resolved, it goes on from there.
  box.write(
    "03-three/server.ts",
    server("top 3", "ground 3").replace("shared", "edited"),
  );
  expect(box.propagate("03-three")).toBe(false);
  expect(conflictsIn(box.read("04-four/server.ts"))).toEqual([{ first: 9, last: 16 }]);
});

test("markers in a later step are refused before anything is written", () => {
  const box = new Sandbox(STEPS);
  box.edit("01-one/server.ts", "shared", "edited");
  box.write("04-four/help.txt", "<<<<<<< mine\nhelp\n");
  const before = box.all();
  expect(() => box.propagate("01-one")).toThrow(
    /04-four\/help.txt has conflict markers in line 1\. Resolve/,
  );
  expect(box.all()).toEqual(before);
});

test("no edit, or none to carry it to: one line, and nothing changes", () => {
  const box = new Sandbox(STEPS);
  box.edit("04-four/server.ts", "shared", "edited");
  const before = box.all();
  expect(box.propagate("02-two")).toBe(true);
  expect(box.propagate("04-four")).toBe(true);
  expect(box.printed).toEqual([
    "02-two has no edit: it is as in HEAD",
    "04-four is the last step: there is none to carry its edit to",
  ]);
  expect(box.all()).toEqual(before);
});

test("--dry-run says the same and writes nothing", () => {
  const box = new Sandbox(STEPS);
  box.edit("01-one/server.ts", "bottom", "ground");
  const before = box.all();
  expect(box.propagate("01-one", { dryRun: true })).toBe(false);
  expect(box.all()).toEqual(before);
  expect(box.printed.slice(0, 2)).toEqual([
    "02-two    would be changed: server.ts",
    "03-three  would be a conflict: server.ts",
  ]);
});

test("--base carries an edit that is committed already", () => {
  const box = new Sandbox(STEPS);
  box.edit("01-one/server.ts", "shared", "edited");
  box.commit();
  expect(box.propagate("01-one")).toBe(true);
  expect(box.printed).toEqual(["01-one has no edit: it is as in HEAD"]);
  expect(box.propagate("01-one", { base: "HEAD~1" })).toBe(true);
  expect(box.all()).toEqual(EDITED);
});

test("an edit of help.txt is carried with that of server.ts", () => {
  const box = new Sandbox(STEPS);
  box.edit("02-two/help.txt", "help", "HELP");
  box.edit("02-two/server.ts", "shared", "edited");
  expect(box.propagate("02-two")).toBe(true);
  expect(box.read("03-three/help.txt")).toBe("HELP\none\ntwo\nthree\n");
  expect(box.read("04-four/help.txt")).toBe("HELP\none\ntwo\nthree\nmore\n");
  expect(box.printed[0]).toBe("03-three  changed: server.ts, help.txt");
});

test("a help.txt that is new where the next step has the same is no change", () => {
  const box = new Sandbox(STEPS);
  box.write("01-one/help.txt", HELP);
  expect(box.propagate("01-one")).toBe(true);
  expect(box.all()).toEqual(STEPS);
});

test("a help.txt that is new where the next step has another is a conflict", () => {
  const box = new Sandbox(STEPS);
  box.write("01-one/help.txt", "mine\n");
  expect(box.propagate("01-one")).toBe(false);
  const text = box.read("02-two/help.txt");
  for (const part of ["mine\n", "help\n", "<<<<<<< 02-two\n"])
    expect(text).toContain(part);
});

test("a help.txt that is new goes on to steps that have none", () => {
  const box = new Sandbox(STEPS);
  for (const step of ["02-two", "03-three", "04-four"]) {
    rmSync(box.path(`${step}/help.txt`));
  }
  box.commit();
  box.write("02-two/help.txt", "new\n");
  expect(box.propagate("02-two")).toBe(true);
  expect(box.read("03-three/help.txt")).toBe("new\n");
  expect(box.read("04-four/help.txt")).toBe("new\n");
});

test("an edit of help.txt ends where the next step has none", () => {
  const box = new Sandbox(STEPS);
  rmSync(box.path("03-three/help.txt"));
  box.commit();
  box.write("02-two/help.txt", "HELP\n");
  expect(box.propagate("02-two")).toBe(true);
  expect(existsSync(box.path("03-three/help.txt"))).toBe(false);
  expect(box.read("04-four/help.txt")).toBe(STEPS["04-four/help.txt"]);
});

test("a deleted help.txt goes from the steps that had the same, then stops", () => {
  const box = new Sandbox(STEPS);
  rmSync(box.path("02-two/help.txt"));
  expect(box.propagate("02-two")).toBe(false);
  expect(existsSync(box.path("03-three/help.txt"))).toBe(false);
  expect(box.read("04-four/help.txt")).toBe(STEPS["04-four/help.txt"]);
  expect(box.printed).toContain("03-three  changed: help.txt deleted");
  expect(box.printed).toContain(
    "examples/04-four/help.txt: 03-three deleted it, but here it differs: keep or delete it",
  );
});

test("a step that the base does not have is refused before anything is written", () => {
  const box = new Sandbox(STEPS);
  box.write("03-new/server.ts", server("top 3", "bottom"));
  box.edit("01-one/server.ts", "shared", "edited");
  const before = box.all();
  expect(() => box.propagate("01-one")).toThrow(/^Cannot carry the edit past 03-new: /);
  expect(box.all()).toEqual(before);
});

test("what a person gets wrong is named", () => {
  const box = new Sandbox(STEPS);
  expect(() => box.propagate("01-one", { base: "nope" })).toThrow(
    new UsageError(
      'Cannot compare with "nope": there is no such commit. Name one with --base',
    ),
  );
  expect(() => box.propagate("09-nine")).toThrow(UsageError);
  rmSync(join(box.root, ".git"), { recursive: true });
  expect(() => box.propagate("01-one")).toThrow(
    /^Cannot read the commits in .*not a git/,
  );
});

test.concurrent.each([
  [[], /^Cannot carry an edit: name one step, not 0\n\nUsage: just propagate N/],
  [["1", "2"], /^Cannot carry an edit: name one step, not 2\n\nUsage: just propagate N/],
  [["no-such-step"], /^Cannot find the step: there is no step "no-such-step"\nSee all: /],
])("misuse %j of the command is one clear line and the usage", async (words, message) => {
  const { code, stderr } = await runCommand(["propagate", ...words]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});
