// The lines of each symbol are whole: held against all code of the examples, and with
// `just test --all` against all code that there is.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@babel/parser";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { symbolsOf } from "../../scripts/docs/symbols.ts";
import { ALL } from "../requirements.ts";

const PARTS = ["examples/*.ts", "examples/*.mjs"];
const FILES = execFileSync(
  "git",
  ["ls-files", ...PARTS, ...(ALL ? ["scripts/*.ts", "test/*.ts"] : [])],
  { cwd: ROOT, encoding: "utf8" },
)
  .trim()
  .split("\n");

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

function expectWhole(code: string, name: string): void {
  const parsed = () => parse(code, { sourceType: "module", plugins: ["typescript"] });
  expect(parsed, `${name}:\n${code}`).not.toThrow();
}

test("there is code to hold it against", () => {
  expect(FILES.length).toBeGreaterThan(100);
});

describe.each(FILES)("%s", (file) => {
  const text = read(file);
  const lines = text.split("\n");
  const symbols = symbolsOf(text);
  const cut = (name: string) => lines.slice(...(symbols.get(name) ?? [])).join("\n");
  const names = [...symbols.keys()].filter((name) => !name.startsWith("#"));
  const members = names.filter((name) => name.includes("."));
  const declared = names.filter((name) => !name.includes(".") && name !== "loop");

  test("has symbols that are whole, and leaves a whole rest", () => {
    const taken = new Set<number>();
    for (const name of declared) {
      expectWhole(cut(name), name);
      const [start = 0, end = 0] = symbols.get(name) ?? [];
      for (let line = start; line < end; line += 1) taken.add(line);
    }
    const rest = lines.filter((_, index) => !taken.has(index)).join("\n");
    // What is left has no declaration at its margin.
    expectWhole(rest, "the rest");
    const left = rest.match(
      /^(?:export )?(?:async )?(?:function|class|interface|type) \w.*/gm,
    );
    expect(left).toBeNull();
  });

  test("has members that are whole", () => {
    for (const name of members) {
      // A name that is private to the class would have to be declared in it.
      const code = `abstract class Holder extends Object {\n${cut(name)}\n}`.replaceAll(
        "#",
        "_",
      );
      expectWhole(code, name);
    }
  });
});
