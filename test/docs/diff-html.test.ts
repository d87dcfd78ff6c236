// A drawn diff is the diff: nothing is lost, in neither of its two looks.
import { describe, expect, test } from "vitest";
import { STEPS, type Step } from "../../behaviours/steps.ts";
import { filesOfStep } from "../../scripts/diff/files.ts";
import { diffFiles } from "../../scripts/diff/model.ts";
import { renderDiff } from "../../scripts/docs/diff-html.ts";
import { drawnSteps } from "../../scripts/docs/drawn.ts";

interface Drawn {
  readonly name: "del" | "ins" | "same" | "twin" | "fold" | "old" | "new";
  readonly text: string;
  readonly style: string;
}

const PART =
  /<(?:(del|ins) class="l"|span class="(?:l )?(same|twin|fold)"|i class="pad (old|new)")([^>]*)>(.*?)(?<=\n|<i class="pad [^>]*>)<\/(?:del|ins|span|i)>/gs;

/** The parts of one file's rows, in their order. */
function partsOf(rows: string): Drawn[] {
  return [...rows.matchAll(PART)].map(([, tag, kind, pad, style = "", html = ""]) => ({
    name: (tag ?? kind ?? pad) as Drawn["name"],
    text: html
      .replace(/<[^>]*>/g, "")
      .replace(
        /&(lt|gt|quot|amp);/g,
        (_, name: string) => ({ lt: "<", gt: ">", quot: '"' })[name] ?? "&",
      ),
    style,
  }));
}

/** How many lines stand in parts of these names; a fold tells its own number. */
function linesIn(parts: readonly Drawn[], names: readonly Drawn["name"][]): number {
  return parts
    .filter(({ name }) => names.includes(name))
    .reduce((sum, { name, text, style }) => {
      if (name === "fold") return sum + Number.parseInt(text, 10);
      return sum + Number(/--n:(\d+)/.exec(style)?.[1] ?? 1);
    }, 0);
}

async function draw(before: Step, after: Step): Promise<string[]> {
  const html = renderDiff({ id: "d", title: "", files: await drawnSteps(before, after) });
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
    expect(linesIn(parts, ["del", "same", "fold"])).toBe(old.length);
    expect(linesIn(parts, ["ins", "same", "fold"])).toBe(now.length);
    let [o, n] = [0, 0];
    for (const { name, text, style } of parts) {
      if (name === "del" || name === "same") o += 1;
      if (name === "ins" || name === "same") n += 1;
      const set = /counter-set:o (\d+) n (\d+)/.exec(style);
      if (set) [o, n] = [Number(set[1]), Number(set[2])];
      if (name === "del" || name === "same") expect(text).toBe(`${old[o - 1]}\n`);
      if (name === "ins" || name === "same" || name === "twin") {
        expect(text).toBe(`${now[n - 1]}\n`);
      }
    }
  });

  test("has as many rows on the left as on the right, wherever both meet", async () => {
    for (const rows of await draw(before, after)) {
      let [left, right] = [0, 0];
      for (const part of partsOf(rows)) {
        if (part.name === "same" || part.name === "fold") expect(left).toBe(right);
        left += linesIn([part], ["del", "same", "old"]);
        right += linesIn([part], ["ins", "twin", "new"]);
      }
      expect(left).toBe(right);
    }
  });
});

test("a first line that is new stands beside nothing", () => {
  const files = (text: string) => new Map([["a.txt", text]]);
  const [diff] = diffFiles(files("one\n"), files("zero\none\n"));
  if (!diff) throw new Error("no diff");
  const plain = (text: string) => [{ text, kind: "" }];
  const html = renderDiff({
    id: "d",
    title: "a",
    files: [
      {
        diff,
        before: [plain("one")],
        after: [plain("zero"), plain("one")],
        text: "zero\none\n",
      },
    ],
  });
  const [, rows = ""] = /<div class="rows"[^>]*>(.*?)<\/div>/s.exec(html) ?? [];
  expect(partsOf(rows).map(({ name }) => name)).toEqual(["old", "ins", "same", "twin"]);
});
