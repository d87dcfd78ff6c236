// Highlighted code is the code: no character is lost, however it is painted and cut.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { definitionsOf } from "../../scripts/docs/definitions.ts";
import {
  dedented,
  type Link,
  paint,
  type Token,
  tokensOf,
  tokensOfFile,
} from "../../scripts/docs/highlight.ts";
import { renderListing } from "../../scripts/docs/listing.ts";
import { highlightLines } from "../../scripts/docs/site/material.ts";
import { partOf, sourceAt } from "../../scripts/docs/source.ts";
import { ALL } from "../requirements.ts";

const EXAMPLES = execFileSync("git", ["ls-files", "examples"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .trim()
  .split("\n");
/** The servers, and what they share; with `just test --all` every file. */
const FILES = EXAMPLES.filter((file) => ALL || /\/server\.ts$|shared\/[^/]+$/.test(file));

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const textOf = (tokens: readonly Token[]) => tokens.map(({ text }) => text).join("");
const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

describe("highlighting", () => {
  test("keeps every character of every example", async () => {
    for (const file of FILES) {
      const lines = read(file).replace(/\n$/, "").split("\n");
      expect((await tokensOfFile(file)).map(textOf), file).toEqual(lines);
      expect((await highlightLines(file)).map(plain), file).toEqual(lines);
    }
  });

  test.each([
    ["const one = 1;", "k", "const"],
    ["const one = 1;", "n", "1"],
    ['send("hello");', "s", '"hello"'],
    ["send(x);", "f", "send"],
    ["let a: Socket;", "t", "Socket"],
    ["// why", "c", "// why"],
    ["line.split(/\\s+/);", "s", "/\\s+/"],
    ["const a = `x $" + "{y} z`;", "s", "`x "],
    ["const a = `x $" + "{y} z`;", "", "$" + "{y}"],
  ])("of %j knows a %j: %j", async (code, kind, text) => {
    const [line = []] = await tokensOf(code, "ts");
    expect(line.find((token) => token.text.includes(text))?.kind).toBe(kind);
  });

  test("of a language that it does not know shows the text", async () => {
    expect(await tokensOf("a <b>\n\nc", "klingon")).toEqual([
      [{ text: "a <b>", kind: "" }],
      [{ text: "", kind: "" }],
      [{ text: "c", kind: "" }],
    ]);
  });

  test("can be marked anywhere without a loss", () => {
    const token = fc.record({
      text: fc.string({ minLength: 1 }),
      kind: fc.constantFrom("", "k", "s"),
    });
    const spans = fc
      .uniqueArray(fc.nat(40), { maxLength: 6 })
      .map((ends) => ends.sort((a, b) => a - b))
      .map((ends) =>
        ends.flatMap((end, index) =>
          index % 2 === 1 ? [[ends[index - 1] ?? 0, end] as const] : [],
        ),
      );
    fc.assert(
      fc.property(fc.array(token), spans, (tokens, marked) => {
        const html = paint(tokens, marked);
        const text = textOf(tokens);
        expect(plain(html)).toBe(text);
        const inMarks = [...html.matchAll(/<mark>(.*?)<\/mark>/gs)].map(([, one = ""]) =>
          plain(one),
        );
        expect(inMarks.join("")).toBe(marked.map(([a, b]) => text.slice(a, b)).join(""));
      }),
    );
  });
});

test("what is dedented loses the blanks that all lines have, and no more", () => {
  const line = (text: string) => [{ text, kind: "" }];
  const lines = dedented([line("    a {"), line(""), line("      b"), line("    }")]);
  expect(lines.map(textOf)).toEqual(["a {", "", "  b", "}"]);
});

describe("a listing", () => {
  const place = { file: "docs/99-test.md", line: 1 };
  const listing = async (path: string, ...symbols: string[]) => {
    const source = sourceAt(`../${path}`, place);
    const parts = symbols.map((symbol) => partOf(source, symbol, place));
    const setting = { page: "99-test.html", anchor: (text: string) => text };
    return renderListing(parts, setting, false);
  };

  test("of every symbol of a step has its lines, with their numbers", async () => {
    const path = "examples/16-users/server.ts";
    const lines = read(path).split("\n");
    for (const symbol of ["Names", "Room", "Rooms", "handleUser", "Room.join", "loop"]) {
      const html = await listing(path, symbol);
      const [, before = ""] = /counter-reset:line (\d+)/.exec(html) ?? [];
      const code = plain(/<pre[^>]*>(.*)<\/pre>/s.exec(html)?.[1] ?? "")
        .split("\n")
        .slice(0, -1);
      const there = lines.slice(Number(before), Number(before) + code.length);
      expect(code).toEqual(
        there.map((line) => (symbol === "Room.join" ? line.slice(2) : line)),
      );
      expect(plain(html)).toContain(
        `lines ${Number(before) + 1}–${Number(before) + code.length}`,
      );
    }
  });

  test("whose lines are all new says so in its caption alone", async () => {
    const html = await listing("examples/10-rename/server.ts", "Names");
    expect(plain(html)).toContain("all new since 09");
    expect(html).not.toContain("line new");
  });
});

describe("names in a listing", () => {
  const lines = (name: string, link: Link) =>
    paint([{ text: name, kind: "" }], [], link).match(/<a [^>]*>/g) ?? [];

  test("lead to where they are defined", () => {
    const definitions = definitionsOf("examples/08-chat/server.ts");
    expect([...definitions.keys()].sort()).toEqual(
      ["Broadcast", "finish", "handleUser", "readLines", "select", "write"].sort(),
    );
    const { path, line } = definitions.get("readLines") ?? { path: "", line: 0 };
    const text = readFileSync(join(ROOT, path), "utf8").split("\n");
    expect(path).toBe("examples/shared/socket.ts");
    expect(text[line - 1]).toMatch(/^export async function\* readLines\(/);
  });

  test("are links in code, not in texts, comments or after a dot", () => {
    const link: Link = (name) => (name === "write" ? "x.html#L1" : undefined);
    expect(lines("await write(socket)", link)).toHaveLength(1);
    expect(lines("socket.write(rewrite, #write)", link)).toHaveLength(0);
    for (const kind of ["s", "c"]) {
      expect(paint([{ text: "write", kind }], [], link)).not.toContain("<a");
    }
    const parts = [
      { text: "socket.", kind: "" },
      { text: "write", kind: "f" },
    ];
    expect(paint(parts, [], link)).not.toContain("<a");
  });
});
