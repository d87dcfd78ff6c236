// A drawn diff is the diff: nothing is lost, in neither of its two looks.
import { describe, expect, test } from "vitest";
import { STEPS, type Step } from "../../behaviours/steps.ts";
import { changeOf } from "../../scripts/diff/code.ts";
import { filesOfStep } from "../../scripts/diff/files.ts";
import { diffFiles } from "../../scripts/diff/model.ts";
import { renderDiff } from "../../scripts/docs/diff-html.ts";
import { drawnSteps } from "../../scripts/docs/drawn.ts";

interface Drawn {
  readonly name: "del" | "ins" | "same" | "twin" | "old" | "new" | "fold" | "end" | "far";
  readonly text: string;
  readonly style: string;
}

/** A line, a pad, the summary of a fold, a fold's end, or what leads to very many lines. */
const PART =
  /<(?:(del|ins) class="l(?: re)?"|span class="l (same|twin)"|i class="pad (old|new)"|(details) class="fold(?: shifts)?"|(a) class="fold")([^>]*)>(?:<summary>)?(.*?)(?<=\n|<i class="pad [^>]*>)<\/(?:del|ins|span|i|summary|a)>|(<\/details>)/gs;

/** The parts of one file's rows, in their order. */
function partsOf(rows: string): Drawn[] {
  return [...rows.matchAll(PART)].map(
    ([, tag, kind, pad, fold, far, style = "", html = "", end]) => ({
      name: (tag ??
        kind ??
        pad ??
        (fold && "fold") ??
        (far && "far") ??
        (end && "end")) as Drawn["name"],
      text: html
        .replace(/<[^>]*>/g, "")
        .replace(
          /&(lt|gt|quot|amp);/g,
          (_, name: string) => ({ lt: "<", gt: ">", quot: '"' })[name] ?? "&",
        ),
      style,
    }),
  );
}

/** The numbers that the style sheet counts to at each part. */
function* counted(parts: readonly Drawn[]): Generator<Drawn & { o: number; n: number }> {
  let [o, n] = [0, 0];
  for (const part of parts) {
    const { name, style } = part;
    if (name === "del" || name === "same") o += 1;
    if (name === "ins" || name === "same") n += 1;
    const set = /counter-set:o (\d+) n (\d+)/.exec(style);
    const both = /--o:(\d+);--n:(\d+)/.exec(style);
    if (set) [o, n] = [Number(set[1]), Number(set[2])];
    if (both) n = Number(both[2]);
    // A fold that is closed is not counted.
    if (name === "end" || name === "far") [o, n] = [-99, -99];
    yield { ...part, o, n };
  }
}

async function draw(before: Step, after: Step): Promise<string[]> {
  const html = renderDiff({
    page: "x.html",
    id: "d",
    title: "",
    files: await drawnSteps(before, after),
  });
  return [...html.matchAll(/<div class="rows"[^>]*>(.*?)<\/div>/gs)].map(
    ([, rows = ""]) => rows,
  );
}

const linesOf = (step: Step, file: string) =>
  (filesOfStep(step).get(file) ?? "").split("\n").slice(0, -1);

const hops = STEPS.slice(1).flatMap((after, index) => {
  const before = STEPS[index];
  return before ? [{ name: `${before.slug} to ${after.slug}`, before, after }] : [];
});

describe.each(hops)("$name", ({ before, after }) => {
  test("holds all of both sides, numbered right", async () => {
    const [rows = ""] = await draw(before, after);
    const parts = partsOf(rows);
    // The parts are all that there is.
    expect(rows.replace(PART, "")).toBe("");
    const old = linesOf(before, "server.ts");
    const now = linesOf(after, "server.ts");
    const names = (name: Drawn["name"]) => parts.filter((part) => part.name === name);
    const far = names("far").reduce(
      (sum, { text }) => sum + Number.parseInt(text, 10),
      0,
    );
    expect(names("del").length + names("same").length + far).toBe(old.length);
    expect(names("ins").length + names("same").length + far).toBe(now.length);
    for (const { name, text, o, n } of counted(parts)) {
      // A line that is the same but for its indentation is shown as it is now.
      if (name === "del") expect(text).toBe(`${old[o - 1]}\n`);
      if (name === "same") expect(text.trim()).toBe(old[o - 1]?.trim());
      if (name === "ins" || name === "same" || name === "twin") {
        expect(text).toBe(`${now[n - 1]}\n`);
      }
    }
  });

  test("has as many rows on the left as on the right, wherever both meet", async () => {
    for (const rows of await draw(before, after)) {
      let [left, right] = [0, 0];
      let folded = false;
      for (const part of partsOf(rows)) {
        if (part.name === "fold" || part.name === "end") folded = part.name === "fold";
        // What is folded stands across both columns.
        if (folded) continue;
        if (part.name === "same") expect(left).toBe(right);
        const pads = /^ style="--n:(\d+)"$/.exec(part.style)?.[1];
        const lines = part.name === "old" || part.name === "new" ? Number(pads ?? 1) : 1;
        if (["del", "same", "old"].includes(part.name)) left += lines;
        if (["ins", "twin", "new"].includes(part.name)) right += lines;
      }
      expect(left).toBe(right);
    }
  });

  test("folds what it says", async () => {
    for (const rows of await draw(before, after)) {
      for (const [, summary = "", inside = ""] of rows.matchAll(
        /<summary>(.*?)\n<\/summary>(.*?)<\/details>/gs,
      )) {
        const lines = inside.match(/class="l/g)?.length;
        if (summary === "The file's header comment")
          expect(inside).not.toContain('class="l same');
        else expect(summary).toMatch(new RegExp(`^${lines} lines? unchanged`));
      }
    }
  });
});

test("counts neither headings nor indentation", () => {
  const [from, to] = ["10-rename", "11-free-names"].map((slug) =>
    STEPS.find((step) => step.slug === slug),
  );
  if (!from || !to) throw new Error("no steps");
  const { added, removed } = changeOf(filesOfStep(from), filesOfStep(to));
  expect([added, removed]).toEqual([11, 0]);
});

test("a first line that is new stands beside nothing", () => {
  const files = (text: string) => new Map([["a.txt", text]]);
  const [diff] = diffFiles(files("one\n"), files("zero\none\n"));
  if (!diff) throw new Error("no diff");
  const version = (...lines: string[]) => ({
    path: "a.txt",
    text: lines.map((line) => `${line}\n`).join(""),
    heading: 0,
    lines: lines.map((text, at) => ({ number: at + 1, tokens: [{ text, kind: "" }] })),
  });
  const html = renderDiff({
    page: "x.html",
    id: "d",
    title: "a",
    files: [
      {
        diff,
        before: version("one"),
        after: version("zero", "one"),
      },
    ],
  });
  const [, rows = ""] = /<div class="rows"[^>]*>(.*?)<\/div>/s.exec(html) ?? [];
  expect(partsOf(rows).map(({ name }) => name)).toEqual(["old", "ins", "same", "twin"]);
});
