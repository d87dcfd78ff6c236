// Markdown as the pages use it: anchors, links, side notes, tables, fences, and what is told.
import { describe, expect, test } from "vitest";
import { renderPage } from "../../scripts/docs/render.ts";

/** A page of these lines; it stands beside the others, or in a folder of theirs. */
const page = (text: string, source = "docs/99-test.md") =>
  renderPage(source, `# Title\n\n${text}\n`);
const body = async (text: string, source?: string) => (await page(text, source)).body;

describe("headings", () => {
  test("have the anchors that GitHub gives them", async () => {
    const { headings } = await page(
      "## What we have\n\n## `select`, and why\n\n### What's *new*?\n\n## What we have\n\n## Übung_1",
    );
    expect(headings.map(({ id }) => id)).toEqual([
      "what-we-have",
      "select-and-why",
      "whats-new",
      "what-we-have-1",
      "übung_1",
    ]);
    expect(headings[1]).toEqual({
      level: 2,
      id: "select-and-why",
      text: "select, and why",
    });
  });

  test("can be linked to, and say so", async () => {
    expect(await body("## The idea")).toContain(
      '<h2 id="the-idea">The idea<a class="anchor" href="#the-idea" aria-label="Link to this section">#</a></h2>',
    );
  });
});

describe("the title", () => {
  test("is taken out of the body", async () => {
    const { title, body } = await page("Some text.");
    expect(title).toBe("Title");
    expect(body).toBe("<p>Some text.</p>\n");
  });

  test("must be there", async () => {
    await expect(renderPage("docs/99-test.md", "Some text.\n")).rejects.toThrow(
      "docs/99-test.md:1: Cannot find the title",
    );
  });
});

describe("links", () => {
  test.each([
    ["asides/select.md", "asides/select.html"],
    ["asides/select.md#cancel-safety", "asides/select.html#cancel-safety"],
    ["08-chat.md", "08-chat.html"],
    ["#the-idea", "#the-idea"],
    ["../examples/08-chat/server.ts", "source/examples/08-chat/server.ts.html"],
    ["https://www.rfc-editor.org/rfc/rfc9293", "https://www.rfc-editor.org/rfc/rfc9293"],
  ])("of a chapter to %s lead to %s", async (from, to) => {
    expect(await body(`A [link](${from}) in it.`)).toContain(`href="${to}"`);
  });

  test.each([
    ["../08-chat.md", "../08-chat.html"],
    ["tcp.md", "tcp.html"],
    ["../../examples/shared/select.ts", "../source/examples/shared/select.ts.html"],
  ])("of an aside to %s lead to %s", async (from, to) => {
    const text = await body(`A [link](${from}) in it.`, "docs/asides/test.md");
    expect(text).toContain(`href="${to}"`);
  });

  test("to other hosts are marked", async () => {
    const text = await body("[a](https://example.org) [b](08-chat.md)");
    expect(text.match(/rel="/g)).toHaveLength(1);
  });
});

describe("side notes", () => {
  const text =
    "One.[^b] Two.[^a] One again.[^b]\n\nNext.\n\n[^a]: Of *two*.\n[^b]: Of one,\n    and on.";

  test("stand after their paragraph, numbered as they come", async () => {
    const [first = "", notes = ""] = (await body(text)).split("</p>");
    expect([...first.matchAll(/>(\d)<\/a><\/sup>/g)].map(([, n]) => n)).toEqual([
      "1",
      "2",
      "1",
    ]);
    expect(notes).toMatch(
      /<aside .*>1<\/a> Of one,\nand on\.<\/aside>\n<aside .*>2<\/a> Of <em>two<\/em>\./,
    );
  });

  test("and what they belong to lead to each other", async () => {
    const html = await body(text);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, to] of html.matchAll(/ href="#([^"]+)"/g)) expect(ids).toContain(to);
  });

  test("of a table stand after all of it", async () => {
    const html = await body("| a | b |\n| - | - |\n| 1[^n] | 2 |\n\n[^n]: Note.");
    expect(html.indexOf("<aside")).toBeGreaterThan(html.indexOf("</table>"));
  });

  test("that are missing stop the build, with the line", async () => {
    await expect(body("Text.\n\nMore.[^gone]")).rejects.toThrow(
      "docs/99-test.md:5: Cannot find the note [^gone]",
    );
  });

  test("to which nothing refers stop the build, with the line", async () => {
    await expect(body("Text.\n\n[^lost]: Note.")).rejects.toThrow(
      "docs/99-test.md:5: Cannot place the note [^lost]: nothing refers to it",
    );
  });
});

describe("tables", () => {
  test("scroll by themselves, and have no empty heading", async () => {
    const html = await body("| | b |\n| - | - |\n| 1 | 2 |");
    expect(html).toMatch(/^<div class="scroll" tabindex="0"/);
    expect(html).toContain("<td></td>\n<th>b</th>");
  });
});

describe("fences", () => {
  test("of shell, text and others are shown, for keyboards too", async () => {
    const html = await body("```sh\njust example 8 > x\n```");
    expect(html).toMatch(
      /^<div class="fence"><pre tabindex="0" data-language="sh"><code>.*&gt;.*\n<\/code><\/pre><\/div>/s,
    );
  });

  test("of a sketch say that they are one", async () => {
    expect(await body("```ts sketch\nconst one = 1;\n```")).toContain("sketch</span>");
  });

  test.each(["ts", "js", "session2", ""])("of %j stop the build", async (info) => {
    await expect(body(`Text.\n\n\`\`\`${info}\nx\n\`\`\``)).rejects.toThrow(
      `docs/99-test.md:5: Cannot show a fence of "${info}": it must be one of `,
    );
  });
});

test("what is folded is Markdown too", async () => {
  const html = await body(
    "<details><summary>Solution</summary>\n\nSome *text*.\n\n</details>",
  );
  expect(html).toContain(
    "<details><summary>Solution</summary>\n<p>Some <em>text</em>.</p>\n</details>",
  );
});

test("a page tells what it is of, in words", async () => {
  const { description, sections, words, kind, step, path } = await page(
    "The *first* `one`.\n\n## Part\n\nMore text.\n\n```sh\nnot this\n```\n",
  );
  expect(description).toBe("The first one.");
  expect(sections).toEqual([
    { id: "", heading: "", text: "The first one.", code: "" },
    { id: "part", heading: "Part", text: "More text.", code: "not this" },
  ]);
  // The words of the heading count.
  expect(words).toBe(6);
  expect([kind, step, path]).toEqual(["chapter", undefined, "99-test.html"]);
});

test("a page knows its kind", async () => {
  const kinds = ["docs/index.md", "docs/08-chat.md", "docs/asides/x.md", "docs/rust.md"];
  const pages = await Promise.all(kinds.map((source) => page("Text.", source)));
  expect(pages.map(({ kind }) => kind)).toEqual([
    "home",
    "chapter",
    "aside",
    "reference",
  ]);
  expect(pages[1]?.step?.slug).toBe("08-chat");
});
