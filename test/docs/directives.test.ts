// Directives: what stands in the place of one, and what is told when nothing can.
import { describe, expect, test } from "vitest";
import { renderPage } from "../../scripts/docs/render.ts";

const CHAT = "../examples/08-chat/server.ts";
const show = async (href: string, title: string, lead = "") => {
  const text = `# Title\n\n${lead}[x](${href} "${title}")\n`;
  return (await renderPage("docs/99-test.md", text)).body;
};

/** What a reader sees: no tags. */
const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
/** The code of a listing, as one copies it. */
const code = (html: string) => plain(/<pre[^>]*>(.*)<\/pre>/s.exec(html)?.[1] ?? "");

describe("code", () => {
  test("shows a function from its first line to its last", async () => {
    const text = code(await show(CHAT, "code: handleUser"));
    expect(text).toMatch(
      /^async function handleUser\(socket: Socket\): Promise<void> \{\n/,
    );
    expect(text).toMatch(/\n {2}\}\n\}\n$/);
  });

  test("shows the comment above it, and a method without its indent", async () => {
    const text = code(await show("../examples/16-users/server.ts", "code: Room.leave"));
    expect(text).toMatch(/^(?:\/\*\* .*\*\/\n)?leave\(/);
    expect(text).toMatch(/\n\}\n$/);
  });

  test("shows several parts, in the order of the file, with a gap between", async () => {
    const html = await show("../examples/shared/select.ts", "code: ask, Slot");
    expect(html.match(/<code /g)).toHaveLength(2);
    expect(html).toContain('<span class="gap"></span>');
    expect(code(html)).toMatch(/interface Slot.*function ask/s);
  });

  test("shows a region without its marks", async () => {
    const text = code(await show("../examples/asides/count-to.ts", "code: #count"));
    expect(text).not.toContain("#region");
    expect(text).toContain("countTo");
  });

  test("shows the loop from the server on", async () => {
    const text = code(await show(CHAT, "code: loop"));
    expect(text).toMatch(
      /^\/\/ A client that has finished.*\nconst server = createServer/,
    );
    expect(text).toMatch(
      /for await \(const \[socket\] of on\(server, "connection"\)\) \{/,
    );
    expect(text).toMatch(/\n\}\n$/);
    expect(text).not.toContain("async function");
  });

  test("shows a whole file while it is short", async () => {
    const html = await show("../examples/01-echo/server.ts", "code");
    expect(code(html)).toContain("createServer");
    await expect(show("../examples/16-users/server.ts", "code")).rejects.toThrow(
      /^docs\/99-test\.md:3: Cannot show all of examples\/16-users\/server\.ts: \d+ lines, fewer than 40/,
    );
  });

  test("marks what is new in the step, and says since when", async () => {
    const html = await show(CHAT, "code: handleUser");
    expect(html).toMatch(/<span class="line new">.*>select<\/a><\/i>\(/);
    expect(html).toMatch(/<span class="line">.*HELP/);
    expect(plain(html)).toContain("new since 07");
    const plainly = await show(CHAT, "code plain: handleUser");
    expect(plainly).not.toContain("line new");
    expect(plain(plainly)).not.toContain("since");
  });

  test("names the file, links to its page and line, and can be linked to", async () => {
    const html = await show(CHAT, "code: handleUser");
    expect(html).toContain('<figure class="listing" id="code-handleuser">');
    expect(html).toMatch(
      /href="source\/examples\/08-chat\/server\.ts\.html#L\d+">examples\/08-chat/,
    );
    expect(plain(html)).toMatch(/lines \d+–\d+/);
  });
});

describe("diff", () => {
  test("shows a rung beside the one before it", async () => {
    const rung = "../examples/17-performance/rungs/17c-encode.ts";
    const html = await show(rung, "diff: 17b");
    expect(html).toMatch(/^<figure class="diff" id="diff-17b-17c-encode-ts">/);
    expect(html).toContain("17b-direct → 17c-encode.ts");
    const last = await show("../examples/17-performance/server.ts", "diff: 17f");
    expect(last).toContain("17f-gather → server.ts");
    expect(plain(last)).not.toContain("../../shared/");
    await expect(show(rung, "diff: 17z")).rejects.toThrow('Cannot find the rung "17z"');
  });

  test("shows what changes between two steps, with words marked", async () => {
    const html = await show(CHAT, "diff: 07 08");
    expect(html).toMatch(/^<figure class="diff" id="diff-07-08">/);
    expect(html).toMatch(/<del class="l"[^>]*>.*<mark>/);
    expect(html).toMatch(/<ins class="l"[^>]*>.*<mark>/);
    expect(plain(html)).toMatch(/\d+ lines unchanged\n/);
    const later = await show("../examples/14-rooms/server.ts", "diff: 13 14");
    expect(plain(later)).toMatch(/\d+ lines unchanged: .*Names/);
  });

  test("shows one symbol only", async () => {
    const html = await show(CHAT, "diff: 07 08 handleUser");
    expect(plain(html)).toContain("select(");
    expect(plain(html)).not.toContain("import");
  });

  test("shows what a solution changes", async () => {
    const html = await show("../examples/08-chat/exercises/1-hush.ts", "diff: 08");
    expect(html).toContain('class="diff"');
  });
});

describe("figure", () => {
  test("stands in the page itself, with its caption", async () => {
    const caption = "The more, the longer.";
    const html = await show("figures/17-ladder/bench.svg", `figure: ${caption}`);
    const [, id] = /<figure class="figure" id="([a-z][^"]*)">/.exec(html) ?? [];
    expect(html).toContain(`<svg role="img" aria-labelledby="${id}-caption"`);
    expect(html).toContain(`<figcaption id="${id}-caption">${caption}</figcaption>`);
    // Its styles are for it alone.
    const [, css = ""] = /<style>(.*)<\/style>/.exec(html) ?? [];
    expect(css).not.toBe("");
    for (const [, selector = ""] of css.matchAll(/([^{}]+)\{/g)) {
      expect(selector.startsWith(`#${id} `), selector).toBe(true);
    }
  });
});

describe("table", () => {
  test("shows the steps", async () => {
    const html = await show("../examples/README.md", "table: steps");
    expect(html.match(/<tr>/g)?.length).toBe(19);
    expect(html).toContain('href="08-chat.html"');
  });

  test("shows the behaviours that begin with a step", async () => {
    const html = await show("../examples/README.md", "table: behaviours 10");
    expect(plain(html)).toContain("taken");
  });

  test("shows behaviours with their steps, and the commands with their first", async () => {
    const held = await show(
      "../examples/README.md",
      "table: held frees a name after /quit",
    );
    expect(plain(held)).toContain("frees a name after /quit 11 to 18");
    expect(held).toContain('href="behaviours.html#frees-a-name-after-quit"');
    const commands = plain(await show("../examples/README.md", "table: commands"));
    expect(commands).toMatch(/\/rooms\s*list rooms\s*14/);
  });

  test("shows a run of the bench, and the command that repeats it", async () => {
    const html = await show("figures/17-ladder/bench.json", "table: bench");
    expect(plain(html)).toContain("just bench");
    expect(plain(html)).toContain("16-users");
  });

  test("shows figures of it as bars, in words too", async () => {
    const file = "figures/17-ladder/bench.json";
    const html = await show(file, "bars: fan100-s10-w16; 16 17d");
    expect(html).toMatch(
      /aria-label="deliveries per CPU-second. fan100-s10-w16: 16 .*, 17d /,
    );
    const widths = [...html.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, w]) =>
      Number(w),
    );
    expect(widths).toHaveLength(2);
    expect(Math.max(...widths)).toBe(176);
    expect(plain(html)).toContain("just bench");
    const again = plain(
      await show(file, "bars: fan100-s10-w16; 16 17d; deliveries/s; above"),
    );
    expect(again).toContain("deliveries per second; from the same run as above");
    expect(again).not.toContain("just bench");
  });
});

test("a link with a title among other words is a link", async () => {
  expect(await show(CHAT, "code: handleUser", "See ")).toContain("<p>See <a");
});

describe("what cannot be shown stops the build: page, line, and what there is", () => {
  test.each([
    [CHAT, "coed: handleUser", 'Cannot show "coed: handleUser": it begins with no code'],
    [CHAT, "anything", 'Cannot show "anything": it begins with no code'],
    [
      CHAT,
      "code: handelUser",
      "Cannot show handelUser of examples/08-chat/server.ts: it has no such part, but handleUser",
    ],
    [
      "../examples/16-users/server.ts",
      "code: Room.leaf",
      "it has no such part, but Room.leave",
    ],
    ["../examples/asides/count-to.ts", "code: #coumt", "it has no such part, but #count"],
    [
      "../examples/08-chat/sever.ts",
      "code",
      "Cannot show examples/08-chat/sever.ts: there is no such file",
    ],
    ["../../outside.ts", "code", "there is no such file"],
    [CHAT, "diff: 07 80", 'Cannot find the step "80"'],
    [CHAT, "diff: 70 08", 'Cannot find the step "70"'],
    [
      CHAT,
      "diff: 06 07",
      "Cannot show the diff to 07-kinda-chat: the link leads to examples/08-chat/server.ts",
    ],
    [CHAT, "diff: 08 08", "there is none"],
    [CHAT, "diff: 08", "there is none"],
    [CHAT, "diff: 07 08 finish", "it has no such part"],
    [CHAT, "figure: A picture.", "it is no SVG"],
    ["figures/17-ladder/bench.svg", "figure", "it has no caption"],
    [CHAT, "table: stebs", 'Cannot show the table "stebs": there is steps'],
    [
      CHAT,
      "table: held refuses a taken nome",
      'Cannot find the behaviour "refuses a taken nome": there is refuses a taken name',
    ],
    [CHAT, "table: bench", "it is no file of just bench"],
    [CHAT, "bars: storm500", "it is no file of just bench"],
    ["figures/17-ladder/bench.json", "bars: ; 16 17z", 'the figures of "17z"'],
    [
      "figures/17-ladder/bench.json",
      "bars: ; 16; speed",
      'Cannot draw the figure "speed"',
    ],
    [CHAT, "table: behaviours 99", "it adds none"],
  ])("%s, %s", async (href, title, problem) => {
    const told = show(href, title).catch((error: Error) => error.message);
    expect(await told).toMatch(/^docs\/99-test\.md:3: /);
    expect(await told).toContain(problem);
  });
});
