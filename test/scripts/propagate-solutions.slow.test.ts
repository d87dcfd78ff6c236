// just propagate: an edit carried into solutions and through rungs, in a repository made for it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatFiles } from "../../scripts/propagate/format-files.ts";
import { conflictsIn } from "../../scripts/propagate/merge-three.ts";
import { HELP, Sandbox, server } from "./sandbox.ts";

/** A server whose imports lead up `way`, with lines of its own. */
const importing = (way: string, top: string, bottom: string) =>
  [
    `import { hear, say } from "${way}shared/say.ts";`,
    `const HELP = new URL("${way === "../" ? "" : "../"}help.txt", import.meta.url);`,
    "",
    server(`say("${top}", HELP);`, `say("${bottom}");`),
  ].join("\n");
const step = (top: string, bottom: string) => importing("../", top, bottom);
const below = (top: string, bottom: string) => importing("../../", top, bottom);

/** Two steps with a solution each, two rungs on the way to a third; and another part. */
const HOUSE: Record<string, string> = {
  "01-one/server.ts": step("one", "end"),
  "01-one/help.txt": HELP,
  "01-one/exercises/1-loud.ts": below("ONE", "end"),
  "01-one/exercises/2-last.ts": below("one", "END"),
  "02-two/server.ts": step("two", "end"),
  "02-two/help.txt": HELP,
  "02-two/exercises/1-loud.ts": below("TWO", "end"),
  "03-three/server.ts": step("three", "end 3"),
  "03-three/help.txt": HELP,
  "03-three/rungs/3a-first.ts": below("a", "end"),
  "03-three/rungs/3b-second.ts": below("b", "end 3"),
  "r1-first/server.ts": step("r1", "end"),
  "r2-second/server.ts": step("r2", "end"),
  "r2-second/exercises/1-more.ts": below("R2", "end"),
};

test("an edit reaches solutions and rungs, whose imports stay theirs", () => {
  const box = new Sandbox(HOUSE);
  box.edit("01-one/server.ts", "shared\n", "edited\n");
  box.edit("01-one/server.ts", "shared/say.ts", "shared/tell.ts");
  box.edit("01-one/help.txt", "help", "HELP");
  expect(box.propagate("01-one")).toBe(true);
  expect(box.printed).toEqual([
    "01-one     changed: exercises/1-loud.ts, exercises/2-last.ts",
    "02-two     changed: server.ts, help.txt, exercises/1-loud.ts",
    "3a-first   changed: server.ts",
    "3b-second  changed: server.ts",
    "03-three   changed: server.ts, help.txt",
  ]);
  for (const [path, text] of Object.entries(HOUSE)) {
    const edited = path.endsWith(".txt")
      ? text.replace("help", "HELP")
      : text.replace("shared\n", "edited\n").replace("say.ts", "tell.ts");
    expect(box.read(path), path).toBe(path.startsWith("r") ? text : edited);
  }
});

test("an edit of a rung goes on to its step, and one of that step does not come back", () => {
  const box = new Sandbox(HOUSE);
  box.edit("03-three/rungs/3b-second.ts", "shared\n", "edited\n");
  expect(box.propagate("3b-second")).toBe(true);
  expect(box.read("03-three/server.ts")).toContain("\nedited\n");
  expect(box.printed).toEqual(["03-three  changed: server.ts"]);
  box.commit();
  box.edit("03-three/server.ts", "edited\n", "again\n");
  expect(box.propagate("03-three")).toBe(true);
  expect(box.read("03-three/rungs/3b-second.ts")).toContain("\nedited\n");
  expect(box.printed.slice(1)).toEqual([
    "03-three is the last step: there is none to carry its edit to",
  ]);
});

test("a conflict in a solution stays there, and the edit goes on", () => {
  const box = new Sandbox(HOUSE);
  box.edit("01-one/server.ts", "end", "close");
  expect(box.propagate("01-one")).toBe(false);
  expect(conflictsIn(box.read("01-one/exercises/2-last.ts"))).toHaveLength(1);
  for (const path of ["01-one/exercises/1-loud.ts", "02-two/exercises/1-loud.ts"]) {
    expect(box.read(path)).toContain("close");
  }
  // In a rung it stops the edit, as in a step.
  expect(conflictsIn(box.read("03-three/rungs/3b-second.ts"))).toHaveLength(1);
  expect(box.read("03-three/server.ts")).toBe(HOUSE["03-three/server.ts"]);
  expect(box.printed.slice(0, 4)).toEqual([
    "01-one     changed: exercises/1-loud.ts; conflict: exercises/2-last.ts",
    "02-two     changed: server.ts, exercises/1-loud.ts",
    "3a-first   changed: server.ts",
    "3b-second  conflict: server.ts",
  ]);
  expect(box.printed.slice(5)).toEqual([
    "examples/01-one/exercises/2-last.ts: conflict in lines 12-18",
    "examples/03-three/rungs/3b-second.ts: conflict in lines 12-18",
    "The later steps are as they were. Resolve it, then: just propagate 3b",
  ]);
  expect(() => box.propagate("01-one")).toThrow(
    /examples\/01-one\/exercises\/2-last.ts has conflict markers in line 12/,
  );
});

test("a conflict in solutions alone says that all steps have the edit", () => {
  const box = new Sandbox({
    ...HOUSE,
    "03-three/server.ts": step("two", "end 3"),
    "03-three/rungs/3a-first.ts": below("two", "end"),
    "03-three/rungs/3b-second.ts": below("two", "end 3"),
  });
  box.edit("02-two/server.ts", "two", "second");
  expect(box.propagate("02-two", { dryRun: true })).toBe(false);
  expect(box.printed.at(-1)).toBe("Nothing is written");
  expect(box.propagate("02-two")).toBe(false);
  expect(box.read("03-three/server.ts")).toContain("second");
  expect(box.printed.at(-1)).toBe(
    "All steps have the edit. Resolve what is left in the solutions",
  );
});

test("an edit of a step of another part reaches that part", () => {
  const box = new Sandbox(HOUSE);
  box.edit("r1-first/server.ts", "shared\n", "edited\n");
  expect(box.propagate("r1-first")).toBe(true);
  expect(box.printed).toEqual(["r2-second  changed: server.ts, exercises/1-more.ts"]);
  expect(box.read("r2-second/exercises/1-more.ts")).toContain("edited");
  expect(box.read("01-one/server.ts")).toBe(HOUSE["01-one/server.ts"]);
});

test("what is written is formatted, and what a person must resolve is not", () => {
  const box = new Sandbox(HOUSE);
  writeFileSync(
    join(box.root, "biome.json"),
    '{ "formatter": { "indentStyle": "space", "lineWidth": 52 } }',
  );
  // It fits in a step, and not in a folder below.
  box.edit("01-one/server.ts", "shared/say.ts", "shared/say-it-all.ts");
  box.edit("01-one/server.ts", "end", "close");
  const written: string[] = [];
  const format = (paths: readonly string[]) => {
    written.push(...paths);
    expect(formatFiles(box.root, paths)).toBeUndefined();
  };
  expect(box.propagate("01-one", { format })).toBe(false);
  const first = (path: string) => box.read(path).split("\n")[0];
  expect(first("01-one/exercises/1-loud.ts")).toBe("import {");
  expect(first("02-two/server.ts")).toMatch(/^import \{ hear, say \} from/);
  expect(first("01-one/exercises/2-last.ts")).toMatch(/^import \{ hear, say \} from/);
  expect(written).toEqual([
    "examples/01-one/exercises/1-loud.ts",
    "examples/02-two/server.ts",
    "examples/02-two/exercises/1-loud.ts",
    "examples/03-three/rungs/3a-first.ts",
  ]);
});
