// Every page as it stands: it renders, it has its headings, and what it shows is there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ALL_STEPS, ROOT, STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import type { Page } from "../../scripts/docs/page.ts";
import { pageFiles, renderPage } from "../../scripts/docs/render.ts";
import { rungs } from "../../scripts/programs.ts";
import { readPage } from "../../scripts/why/paragraphs.ts";
import { someOf } from "../requirements.ts";
import { checkSketches, sketchesIn } from "./sketches.ts";

const PAGES = pageFiles();
const read = (page: string) => readFileSync(join(ROOT, page), "utf8");
const RUNGS = rungs();
const CHAPTERS = STEPS.map(({ slug }) => `docs/${slug}.md`);

const pages = new Map<string, Promise<Page>>();

/** A page, which is rendered once for all tests. */
function rendered(file: string): Promise<Page> {
  const page = pages.get(file) ?? renderPage(file);
  pages.set(file, page);
  return page;
}

const SKELETON = [
  "What we have",
  "The idea",
  "The code",
  "Try it",
  "What changed",
  "What is still wrong",
  "Exercises",
  "Check yourself",
  "Read on",
];

test("there is a page for each step, a home and a glossary", () => {
  const steps = STEPS.map(({ slug }) => `docs/${slug}.md`);
  expect(PAGES).toEqual(expect.arrayContaining(["docs/index.md", "docs/glossary.md"]));
  expect(PAGES).toEqual(expect.arrayContaining(steps));
  expect(new Set(PAGES).size).toBe(PAGES.length);
});

test("the parts come in the order in which the home page names them", () => {
  const parts = PAGES.map((file) => /\/([rm]?)\d+-/.exec(file)?.[1]);
  const chapters = parts.filter((part) => part !== undefined);
  expect(chapters.filter((part, index) => part !== chapters[index - 1])).toEqual([
    "",
    "r",
    "m",
  ]);
});

test("the page of the protocol lists all that a server must do", () => {
  const lists = read("docs/protocol.md").matchAll(/"table: held ([^"]+)"/g);
  const listed = [...lists].flatMap(([, titles = ""]) => titles.split("; "));
  const musts = BEHAVIOURS.filter(({ defect }) => !defect).map(({ title }) => title);
  expect(listed.toSorted()).toEqual(musts.toSorted());
});

describe.each(PAGES)("%s", (page) => {
  test("renders, with anchors of which none is there twice", async () => {
    const { body, title, description, words } = await rendered(page);
    expect(title).not.toBe("");
    expect(description).not.toBe("");
    expect(words).toBeGreaterThan(50);
    const ids = [...body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    // A directive that was not understood would be left as a link with a title.
    expect(body).not.toMatch(/ title="(?:code|diff|table|figure)\b/);
  });

  test("stops the build, with its line, when what it shows is gone", async () => {
    const lines = read(page).split("\n");
    const shown = lines.flatMap((line, index) =>
      /^\[[^\]]*\]\([^ ]+ "(?:code|diff|figure|table)[^"]*"\)$/.test(line) ? [index] : [],
    );
    for (const index of someOf(shown)) {
      // Alone below the title: all that stands above would be rendered again for each.
      const altered = lines.map((line, at) => {
        if (at === index) return line.replace(/\]\([^ ]+ /, "](gone.ts ");
        return at === 0 ? line : "";
      });
      const wrong = `${page}:${index + 1}: Cannot show docs/`;
      await expect(renderPage(page, altered.join("\n"))).rejects.toThrow(wrong);
    }
  });
});

test.each(ALL_STEPS)("what just why names of $slug has an address", async (step) => {
  const { headings } = await rendered(`docs/${step.slug}.md`);
  const named = readPage(step)?.paragraphs.map(({ id }) => id) ?? [];
  expect(named).not.toEqual([]);
  expect(headings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(named.filter((id) => id !== "")),
  );
});

describe.each(CHAPTERS)("%s", (page) => {
  test("has the skeleton of a chapter", async () => {
    const { title, headings, step } = await rendered(page);
    const [number, ...words] = step?.slug.split("-") ?? [];
    const name = words.join(" ");
    expect(title).toBe(`${number} · ${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    const sections = headings.filter(({ level }) => level === 2).map(({ text }) => text);
    expect(sections).toEqual(SKELETON);
  });

  test("leads in before the first heading", () => {
    const [, lead = ""] = /^# .*\n([\s\S]*?)\n## /.exec(read(page)) ?? [];
    expect(lead.trim()).not.toBe("");
  });

  test("has exercises, each with a folded solution from a file that is tested", () => {
    const [, exercises = ""] = /^## Exercises\n([\s\S]*?)^## /m.exec(read(page)) ?? [];
    const [, ...parts] = exercises.split(/^### \d.*$/m);
    expect(parts).toHaveLength(3);
    parts.forEach((part, index) => {
      expect(part).toContain("<details><summary>Solution</summary>");
      expect(part).toContain(`${page.slice(5, -3)}/exercises/${index + 1}-`);
    });
  });

  test("asks three questions, each with a folded answer", () => {
    const [, questions = ""] =
      /^## Check yourself\n([\s\S]*?)^## /m.exec(read(page)) ?? [];
    expect(questions.match(/<details>/g)).toHaveLength(3);
  });

  test("shows what changed since the step before", () => {
    const index = CHAPTERS.indexOf(page);
    const hop = STEPS.slice(index - 1, index + 1).map(({ slug }) => slug.slice(0, 2));
    // Those that are climbed show each rung, and the last hop, to the step itself.
    const rungs = RUNGS.filter(({ step }) => step?.slug === STEPS[index]?.slug);
    const diffs = rungs.map(({ slug }, at) => {
      const before = rungs[at - 1]?.slug.slice(0, 3) ?? hop[0];
      return `/rungs/${slug}.ts "diff: ${before}`;
    });
    if (rungs.length > 0)
      diffs.push(`/server.ts "diff: ${rungs.at(-1)?.slug.slice(0, 3)}`);
    else if (index > 0) diffs.push(`"diff: ${hop.join(" ")}")`);
    for (const diff of diffs) expect(read(page)).toContain(diff);
  });
});

test("the sketches of all pages are correct TypeScript, and a wrong one is reported", async () => {
  const sketches = PAGES.flatMap((page) => sketchesIn(page, read(page)));
  expect(sketches.length).toBeGreaterThan(0);
  const wrong = "# Page\n\n```ts sketch\nconst one = 1;\nconst two: string = one;\n```\n";
  const problems = await checkSketches([
    ...sketches,
    ...sketchesIn("docs/page.md", wrong),
  ]);
  expect(problems).toEqual([expect.stringMatching(/^docs\/page\.md:5: error TS2322: /)]);
}, 60_000);
