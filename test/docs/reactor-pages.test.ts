// The pages of the reactor chapter have the same skeleton as those of the steps.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REACTOR_STEPS, ROOT } from "../../behaviours/steps.ts";

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

/** What stands below a heading of the second level. */
function sectionOf(page: string, heading: string): string {
  const [, text = ""] = page.split(`\n## ${heading}\n`);
  return text.split("\n## ")[0] ?? "";
}

describe.each(REACTOR_STEPS)("docs/$slug.md", ({ slug, number }) => {
  const file = `docs/${slug}.md`;
  const text = readFileSync(join(ROOT, file), "utf8");

  test("has the skeleton of a chapter, and leads in before it", () => {
    const [, ...words] = slug.split("-");
    // A slash cannot be in the name of a folder.
    const name = words.join(" ").replace("ioserver", "I/O server");
    const title = `r${number} · ${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const [first, ...sections] = [...text.matchAll(/^##? (.*)$/gm)].map(
      ([, line]) => line,
    );
    expect(first).toBe(title);
    expect(sections).toEqual(SKELETON);
    expect(/^# .*\n\n\S/.test(text)).toBe(true);
  });

  test("has exercises, each with a folded solution from a file that is tested", () => {
    const [, ...parts] = sectionOf(text, "Exercises").split(/^### \d.*$/m);
    expect(parts.length).toBeGreaterThanOrEqual(2);
    parts.forEach((part, index) => {
      expect(part).toContain("<details><summary>Solution</summary>");
      expect(part).toContain(`${slug}/exercises/${index + 1}-`);
    });
  });

  test("asks three questions, each with a folded answer", () => {
    expect(sectionOf(text, "Check yourself").match(/<details>/g)).toHaveLength(3);
  });

  test("shows what changed since a step before, and a session", () => {
    const before = `"diff: r[1-${number - 1}] r${number}`;
    // Of a step that is nearly all new, a part is enough.
    if (number > 1)
      expect(text.match(new RegExp(`${before}( \\w+)?"\\)`))).not.toBeNull();
    expect(text).toContain(`\n\`\`\`session ${slug}`);
  });
});
