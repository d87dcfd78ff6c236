// The built site, without a browser: its links, its weights, and what its pages hold.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { type Built, buildSite } from "../../scripts/docs/site/build.ts";
import { lookAt } from "../../scripts/docs/site/check.ts";
import { findFaults } from "../../scripts/docs/site/dead-links.ts";
import { weigh } from "../../scripts/docs/site/weigh.ts";

let site: Built;
const text = (path: string) => site.get(path) ?? "";

beforeAll(async () => {
  const began = performance.now();
  site = await buildSite({
    repository: "https://example.org/us/chat/",
    url: "https://us.example.org/chat",
    base: "/chat/",
  });
  console.log(
    `The site is built in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
}, 240_000);

test("no link is dead, no id is there twice, nothing is loaded from elsewhere", () => {
  const { "404.html": _, ...rest } = Object.fromEntries(site);
  expect(findFaults(new Map(Object.entries(rest)))).toEqual([]);
});

test("no page weighs more than its kind may", () => {
  const weights = weigh(site);
  expect(weights.filter(({ kind }) => kind === "page").length).toBeGreaterThan(25);
  for (const { path, bytes, budget } of weights) {
    expect(bytes, path).toBeLessThanOrEqual(budget);
    expect(bytes, path).toBeGreaterThan(1000);
  }
});

test("the style and the script that every page loads leave room for what it says", () => {
  const loaded = ["theme.css", "site.js"].map((path) => gzipSync(text(path)).length);
  expect(loaded.reduce((sum, bytes) => sum + bytes)).toBeLessThan(9_600);
  expect(text("08-chat.html").match(/<link rel="stylesheet" href="[^"?]+/g)).toEqual([
    '<link rel="stylesheet" href="theme.css',
  ]);
});

test("there is a page for each pair of steps", () => {
  const pairs = [...site.keys()].filter((path) => path.startsWith("compare/"));
  expect(pairs.length).toBe((STEPS.length * (STEPS.length - 1)) / 2);
  expect(pairs).toContain("compare/06-12.html");
});

test("a chapter says its number, time, lines, changes and command", () => {
  const page = text("08-chat.html")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
  expect(page).toMatch(
    /← Step 8 of 18 → \d+ min to read 56 lines \+11 −4 lines since 07-kinda-chat just example 8/,
  );
});

test("a page can be edited where the repository is known, and only there", async () => {
  expect(text("08-chat.html")).toContain(
    'href="https://example.org/us/chat/edit/main/docs/08-chat.md"',
  );
  const pages = [...site.keys()].length;
  const unknown = await buildSite();
  // Without the site's address there is neither a preview nor a map of it.
  expect(unknown.size).toBe(pages - 2);
  expect(unknown.get("08-chat.html")).not.toContain("Edit this page");
  expect(unknown.get("index.html")).not.toContain("git clone");
});

test("a link to a page has a preview, where the site's address is known", async () => {
  const page = text("08-chat.html");
  expect(page).toContain(
    '<link rel="canonical" href="https://us.example.org/chat/08-chat.html">',
  );
  expect(page).toMatch(/<meta property="og:title" content="08 · Chat — /);
  expect(text("index.html")).toContain(
    'rel="canonical" href="https://us.example.org/chat/">',
  );
  for (const [path, width] of [
    ["preview.png", 1200],
    ["icon.png", 180],
  ] as const) {
    const picture = Buffer.from(text(path), "base64");
    expect(picture.toString("latin1", 1, 4)).toBe("PNG");
    expect(picture.readUInt32BE(16)).toBe(width);
  }
  const listed = [
    ...text("sitemap.xml").matchAll(
      /<loc>https:\/\/us\.example\.org\/chat\/(.*?)<\/loc>/g,
    ),
  ];
  expect(listed.length).toBeGreaterThan(35);
  for (const [, path] of listed) expect(site.has(path || "index.html"), path).toBe(true);
});

test("the page for lost readers works at any depth below the site", () => {
  const lost = text("404.html");
  const links = [...lost.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, to = ""]) => to);
  expect(links.length).toBeGreaterThan(10);
  for (const link of links) expect(link).toMatch(/^(#|\/chat\/)/);
});

test("the book has every page, and its links lead within it", () => {
  const book = text("book.html");
  for (const path of [...site.keys()].filter((one) =>
    /^(?:asides\/)?[\w-]+\.html$/.test(one),
  )) {
    if (/^(?:404|book|compare|duel|evolution|behaviours)\.html$/.test(path)) continue;
    expect(book, path).toContain(
      ` id="${path.replace(/\.html$/, "").replace("/", "-")}"`,
    );
  }
  const [, articles = ""] = book.split("</nav>\n<main");
  expect(articles).not.toMatch(/ href="(?:asides\/[\w-]+|\d\d-[\w-]+|glossary)\.html/);
  expect(text("search.js")).not.toContain('"book.html');
});

test("the matrix has every behaviour in each of its steps", () => {
  const rows = [
    ...text("behaviours.html").matchAll(/<tr id="[^"]*"><th scope="row">.*?<\/tr>/gs),
  ];
  expect(rows.length).toBe(BEHAVIOURS.length);
  for (const [index, [row]] of rows.entries()) {
    const behaviour = BEHAVIOURS[index];
    if (!behaviour) continue;
    // r9 has what the last of the eighteen has.
    const more = behaviour.to === STEPS.length ? 1 : 0;
    expect(row.match(/<td class="mark/g)?.length, behaviour.title).toBe(
      behaviour.to - behaviour.from + 1 + more,
    );
    expect(row.includes("defect"), behaviour.title).toBe(behaviour.defect);
  }
});

test("the source of a file has an anchor for each of its lines", () => {
  const lines = readFileSync(join(ROOT, "examples/08-chat/server.ts"), "utf8").split(
    "\n",
  );
  const page = text("source/examples/08-chat/server.ts.html");
  expect(page.match(/ id="L\d+"/g)?.length).toBe(lines.length - 1);
});

test("the checks find what is wrong", () => {
  const wrong = new Map([
    [
      "a.html",
      `<p id="x"></p><p id="x"></p><a href="b.html">b</a><a href="sub/c.html#no">c</a>` +
        `<img src="https://elsewhere.example/x.png"><a href="https://elsewhere.example">e</a>` +
        `<style>p{background:url(//elsewhere.example/y)}</style>`,
    ],
    ["sub/c.html", `<a href="../a.html?1#x">a</a><a href="/a.html">absolute</a>`],
  ]);
  expect(findFaults(wrong)).toEqual([
    'a.html: the id "x" is there twice',
    'a.html: the link "b.html" leads nowhere',
    'a.html: "sub/c.html#no" leads to a page without that anchor',
    "a.html: loads https://elsewhere.example/x.png from another host",
    "a.html: loads //elsewhere.example/y from another host",
    'sub/c.html: the link "/a.html" leads nowhere',
  ]);
});

test("the check says what it could not look for, and finds all else", async () => {
  const { faults, unchecked } = await lookAt(
    new Map([["a.html", `<a href="b.html">b</a>`]]),
    undefined,
  );
  expect(faults).toEqual(['a.html: the link "b.html" leads nowhere']);
  expect(unchecked).toEqual([
    expect.stringMatching(/^accessibility: not checked, as there is no Chromium; /),
  ]);
});

test("the script of the pages has no type error", () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "scripts/docs/site/client"],
    { cwd: ROOT, encoding: "utf8" },
  );
  expect(stdout).toBe("");
  expect(status).toBe(0);
});
