// Programs as the machine loads them: types overwritten with spaces, imports linked.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformWithEsbuild } from "vite";
import { describe, expect, test } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";
import { link } from "../../scripts/simulate/loader/link.ts";
import { Source } from "../../scripts/simulate/loader/source.ts";
import { stripTypes } from "../../scripts/simulate/loader/strip-types.ts";

const FILES = [
  ...STEPS.map(({ slug }) => `examples/${slug}/server.ts`),
  ...["examples/shared", "behaviours"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name}`),
  ),
];

function strip(text: string): string {
  const source = new Source(text);
  stripTypes(source);
  return source.toString();
}

/** A program without types, spaces and empty statements, as esbuild writes it. */
async function normal(text: string, name: "a.ts" | "a.js"): Promise<string> {
  const { code } = await transformWithEsbuild(text, name, {
    minifyWhitespace: true,
    sourcemap: false,
    target: "esnext",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code.replace(/import\{\}from"[^"]*";/g, "").replace(/;|\n/g, "");
}

test("leaves of each program what esbuild leaves, and every line in its place", async () => {
  for (const file of FILES) {
    const text = readFileSync(join(ROOT, file), "utf8");
    const stripped = strip(text);
    expect([file, stripped.length]).toEqual([file, text.length]);
    expect([file, stripped.split("\n").length]).toEqual([file, text.split("\n").length]);
    expect([file, await normal(stripped, "a.js")]).toEqual([
      file,
      await normal(text, "a.ts"),
    ]);
  }
});

describe("strips", () => {
  test.each([
    ["const a: number = 1;", "const a         = 1;"],
    ["f(x as string, y!);", "f(x          , y );"],
    ["f((x) as const);", "f((x)         );"],
    ["function f(a?: number): void {}", "function f(a         )       {}"],
    [
      "class A { private readonly x = 1; y?: number; static z: 1; }",
      "class A {                  x = 1; y         ; static z   ; }",
    ],
    [
      "abstract class A { abstract f(): void; g() {} }",
      "         class A {                     g() {} }",
    ],
    [
      "class A extends B<C> implements D, E {}",
      "class A extends B                    {}",
    ],
    ["import { type A, b } from 'x';", "import {         b } from 'x';"],
    ["type A = 1; f<B>(c);", ";           f   (c);"],
  ])("%s", (text, expected) => {
    expect(strip(text)).toBe(expected);
  });
});

test.each([
  ["enum A { B }", "enum"],
  ["const enum A { B }", "enum"],
  ["namespace A { f(); }", "namespace declaration"],
  ["class A { constructor(private x: number) {} }", "parameter property"],
  ["import a = require('b');", "import equals declaration"],
  ["export = 1;", "export assignment"],
])("refuses %s", (text, what) => {
  expect(() => strip(text)).toThrow(`TypeScript ${what} is not supported`);
});

test("links imports and exports on their own lines", () => {
  const text = [
    'import { on, once as first } from "node:events";',
    'import * as net from "node:net";',
    'import type { Socket } from "node:net";',
    "export const a = 1, b = 2;",
    "export class C {}",
    "export { net as d };",
    "console.log(import.meta.url);",
  ].join("\n");
  const { code, imports } = link(text);
  expect(imports).toEqual(["node:events", "node:net"]);
  const lines = code.split("\n");
  expect(lines[0]).toContain('const { on, once: first } = $import("node:events");');
  expect(lines[1]).toBe('const net = $import("node:net");');
  expect(lines[3]?.trim()).toBe("const a = 1, b = 2;");
  expect(lines[6]).toBe("console.log($meta      .url);");
  for (const name of ["a", "b", "C", "d"]) expect(lines[0]).toContain(`get ${name}()`);
});

test("refuses an export that it does not know", () => {
  expect(() => link('export * from "./a.ts";')).toThrow("Cannot link export *");
});
