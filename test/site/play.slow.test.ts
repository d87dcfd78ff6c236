// The playground: a step that runs in its page, over http and from a file.
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { accessibilityFaults } from "../../scripts/docs/site/axe.ts";
import { explore } from "../../scripts/simulate/explore/explore.ts";
import { digestOf } from "../../scripts/simulate/page/digest.ts";
import { needs } from "../requirements.ts";
import { HAS_LIBRARY } from "../simulate/library.ts";
import { findFirefox, startFirefox } from "./firefox.ts";
import { inBrowser, PHONE } from "./window.ts";

/** The most that a click on Run loads, in bytes, gzipped; and each click that needs more. */
const BUDGET = 140_000;
const MORE = 15_000;
/** What a machine with much else to do may take, in milliseconds. */
const PATIENCE = 60_000;

const OUTPUT = ".play-seen > pre";

/** Opens the playground of a page. */
async function play(page: Page): Promise<void> {
  await page.locator("[data-run]").click();
  await listens(page);
}

const press = (page: Page, name: string) =>
  page.locator(".play").getByRole("button", { name, exact: true }).first().click();
const output = (page: Page) => page.locator(OUTPUT).innerText();
const listens = (page: Page) =>
  expect.poll(() => output(page), { timeout: PATIENCE }).toContain("listening on");
const column = (page: Page, who: string) =>
  page.locator(`.play-client[aria-label="${who}"]`);
const sees = (page: Page, who: string, text: string) =>
  expect
    .poll(() => column(page, who).locator(".play-log").innerText(), { timeout: PATIENCE })
    .toContain(text);
const slider = (page: Page, name: string) =>
  page
    .locator(".play label", { hasText: new RegExp(`^${name}\\b`) })
    .locator("input, select");
const results = (page: Page) => page.locator(".play-results").innerText();

async function types(page: Page, who: string, text: string): Promise<void> {
  await column(page, who).locator("input").fill(text);
  await page.keyboard.press("Enter");
}

/** Puts another text for a part of the server, and runs it. */
async function edit(page: Page, from: string, to: string): Promise<void> {
  await press(page, "Back to the step");
  const area = page.locator(".play textarea");
  const text = await area.inputValue();
  if (!text.includes(from)) throw new Error(`there is no "${from}" in the step`);
  await area.fill(text.replace(from, to));
  await press(page, "Run");
}

const LISTEN = "for await (const [";
/** What is put before the loop of step 10, and what its server prints then. */
const BAD: readonly (readonly [string, string, string | RegExp])[] = [
  [
    "an error of syntax",
    "const a = = 1;\n",
    /server\.ts:46\nconst a = = 1;\n +\^\n+Synt/,
  ],
  [
    "a name that is taken",
    "let a = 1;\nlet a = 2;\n",
    /server\.ts:47\nlet a = 2;\n {4}\^/,
  ],
  ["an enum", "enum A { B }\n", "TypeScript enum is not supported in strip-only mode"],
  [
    "an error",
    'throw new TypeError("on purpose");\n',
    /server\.ts:46\nthrow .*\n +\^\n+Typ/,
  ],
  ["a rejection", 'Promise.reject(new Error("nobody"));\n', /\^\n+Error: nobody/],
  ["process.exit", "process.exit(3);\n", "The server ended: 3"],
  ["a loop without an end", "for (;;);\n", "loop does not end: it was stopped"],
  [
    "a module that is not there",
    'import "left-pad";\n',
    "Cannot find package 'left-pad'",
  ],
  ["a file that is not there", 'import "./a.ts";\n', "Cannot find module 'examples/10-"],
];

inBrowser("the playground", ({ site, open }) => {
  const run = test.runIf(HAS_LIBRARY);
  const time = { timeout: 4 * PATIENCE };

  run.each(["http", "file"] as const)("runs a step, over %s", time, async (way) => {
    const page = await open(`${site()[way]}07-kinda-chat.html`);
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await play(page);
    await sees(page, "eve", "/quit - quits server");
    await types(page, "ann", "hello");
    await sees(page, "ann", "hello ❤️");
    await types(page, "ann", "anyone?");
    await sees(page, "ann", "anyone? ❤️");
    await types(page, "bob", "yes");
    await sees(page, "bob", "hello ❤️");
    // The line that wrote it is lit; and time goes back.
    const text = await page.locator(".play textarea").inputValue();
    const lit = await page.locator(".play-numbers .lit").innerText();
    expect(text.split("\n")[Number(lit) - 1]).toContain("inbox.recv()");
    await slider(page, "Time").fill("0");
    await expect.poll(() => column(page, "bob").locator(".play-log > *").count()).toBe(0);
    expect(errors).toEqual([]);
  });

  run("changes the weather while it runs", time, async () => {
    const page = await open("05-commands.html");
    await play(page);
    await sees(page, "ann", "/quit - quits server");
    // The last of each: a second, and 65,536 bytes become 17.
    await slider(page, "Latency").press("End");
    await slider(page, "MTU").press("Home");
    expect(await slider(page, "Latency").getAttribute("aria-valuetext")).toBe("1000 ms");
    const text = "a line of more than seventeen bytes";
    await types(page, "ann", text);
    await sees(page, "ann", `${text} ❤️`);
    const moments: string[] = [];
    const time = slider(page, "Time");
    for (let at = Number(await time.getAttribute("max")); at > 0; at -= 1) {
      await time.fill(`${at}`);
      // What the slider shows is drawn in the next frame, and until then is of the last one.
      await page.evaluate("new Promise(requestAnimationFrame)");
      moments.unshift((await time.getAttribute("aria-valuetext")) ?? "");
    }
    const sent = moments.findIndex((one) => one.includes("ann sends"));
    const got = moments.slice(sent).filter((one) => one.includes("ann gets"));
    // It goes there and back, and comes in three pieces.
    expect(got).toHaveLength(3);
    const [from, to] = [moments[sent] ?? "", got[0] ?? ""].map(Number.parseFloat);
    expect((to ?? 0) - (from ?? 0)).toBeGreaterThan(1999);
    await page.locator(".play select").selectOption("jitter");
    const shown = (name: string) => slider(page, name).getAttribute("aria-valuetext");
    expect(await shown("MTU")).toBe("1400 bytes");
    expect(await shown("Jitter")).toBe("20 ms");
    await page.locator(".play select").selectOption("narrow");
    expect(await shown("Buffers")).toBe("512 bytes");
    // A line that fits into no buffer comes back whole.
    await types(page, "ann", "z".repeat(2000));
    await sees(page, "ann", "z ❤️");
    await slider(page, "Jitter").press("Home");
    expect(await shown("Jitter")).toBe("0 ms");
    await slider(page, "Buffers").press("End");
    expect(await shown("Buffers")).toBe("65536 bytes");
  });

  run.each(BAD)("shows %s, and lives", time, async (_what, text, shown) => {
    const page = await open("10-rename.html");
    await play(page);
    await edit(page, LISTEN, text + LISTEN);
    const of = expect.poll(() => output(page), { timeout: PATIENCE });
    if (typeof shown === "string") await of.toContain(shown);
    else await of.toMatch(shown);
    await press(page, "Back to the step");
    await listens(page);
    await sees(page, "ann", "You are ");
  });

  run("shows a server that does not listen: its clients are refused", time, async () => {
    const page = await open("10-rename.html");
    await play(page);
    await edit(page, "server.listen(", "setInterval(() => {}, 1e6);\nObject(");
    await sees(page, "ann", "connection refused");
  });

  run("checks an edit", time, async () => {
    const page = await open("10-rename.html");
    await play(page);
    const checked = async () => {
      await press(page, "Check");
      const done = expect.poll(() => results(page), { timeout: PATIENCE });
      await done.toMatch(/of \d+ behaviours hold/);
      return results(page);
    };
    expect(await checked()).not.toContain("fail");
    await edit(page, "is already taken", "is taken");
    expect(await checked()).toMatch(/^[1-9]\d* of .*, [1-9]\d* fail\./);
    expect(await results(page)).toContain(
      "If it solves exercise 1: just check 10.1 FILE",
    );
    await press(page, "Back to the step");
    expect(await results(page)).toMatch(/^Of an earlier version: .* fail\./);
    await edit(page, "is already taken", "is taken");
    expect(await results(page)).toMatch(/^[1-9]\d* of .* fail\./);
    // A check that is not finished says so.
    await press(page, "Check");
    await press(page, "Run");
    expect(await results(page)).toBe("Stopped.");
  });

  run("finds the schedule that shows a defect, and replays it", time, async () => {
    const page = await open("10-rename.html");
    await play(page);
    await press(page, "Find a race");
    // What every version of the step breaks does not end the search for what is new.
    await expect
      .poll(() => results(page), { timeout: PATIENCE })
      .toContain("Seed 1 breaks a rule that holds only from step 11 on: a name is free");
    await expect
      .poll(() => results(page), { timeout: PATIENCE })
      .toContain("Seeds 1 to 500: no other rule is broken.");
    await press(page, "Show it");
    await expect
      .poll(() => results(page), { timeout: PATIENCE })
      .toContain("Seed 1 breaks a rule: a name is free again when its user is gone");
    expect(await results(page)).toContain("A known defect: step 11 fixes it.");
    const help = page.getByRole("link", { name: "How the search works" });
    const to = new URL((await help.getAttribute("href")) ?? "", page.url());
    expect((await page.request.get(to.href)).status()).toBe(200);
    await sees(page, "zoe", "QuaintFoal is already taken");
    await slider(page, "Time").fill("0");
    await expect.poll(() => column(page, "zoe").locator(".play-log > *").count()).toBe(0);
    const weather = slider(page, "Weather");
    expect(await page.locator(".play-state").innerText()).toContain(
      "A replay: Run starts",
    );
    expect(await weather.isVisible()).toBe(false);
    await press(page, "Run");
    await types(page, "ann", "hello");
    expect(await weather.isVisible()).toBe(true);
    expect(await page.locator(".play-state").innerText()).toBe("");
  });

  run("makes a mistake, shows it as a diff, and draws what it breaks", time, async () => {
    const page = await open("10-rename.html");
    await play(page);
    await edit(page, "is already taken", "is taken");
    await press(page, "Break it");
    expect(await page.locator(".play-state").innerText()).toContain(
      "an await between look and take",
    );
    await page.getByText("Your edit as a diff").click();
    const changes = page.locator(".play-editor pre");
    await changes.locator("del").first().waitFor();
    expect(await changes.locator("del").allInnerTexts()).toEqual([
      expect.stringMatching(/^ +75 - +if \(names\.take\(argument\)\) \{\n$/),
    ]);
    expect(await changes.innerText()).toMatch(/81 \+ +await new Promise/);
    await press(page, "Find a race");
    await expect
      .poll(() => results(page), { timeout: PATIENCE })
      .toContain("breaks a rule: no two users have the same name");
    const diagram = page.locator(".play-diagram svg");
    await diagram.waitFor();
    const arrows = diagram.locator('.diagram-arrow[data-kind="message"]');
    expect(await arrows.count()).toBeGreaterThan(8);
    expect(await diagram.getAttribute("aria-label")).toMatch(/ann, .*zoe and the server/);
    expect(await diagram.locator("text", { hasText: "/name Green" }).count()).toBe(4);
    // Another search begins without it.
    await press(page, "Back to the step");
    expect(await page.getByText("Your edit as a diff").isVisible()).toBe(false);
    await press(page, "Find a race");
    expect(await diagram.count()).toBe(0);
  });

  /** A step, and a seed that breaks a rule there. */
  const SEEDS = [
    [2, 2, "02-serial"],
    [7, 2, "07-kinda-chat"],
    [10, 1, "10-rename"],
    [14, 1, "14-rooms"],
  ] as const;
  run.each(SEEDS)(
    "step %i does at seed %i in Chromium what it does in Node",
    time,
    async (step, seed, slug) => {
      const digest = digestOf(await explore({ step, seed }));
      // An address leads to it.
      const page = await open(`${slug}.html#run&seed=${seed}`);
      await expect.poll(() => results(page), { timeout: PATIENCE }).toContain(digest);
    },
  );

  const firefox = findFirefox();
  const inFirefox = needs(firefox, "the playground in Firefox", "Firefox");
  test.runIf(HAS_LIBRARY && inFirefox)(
    "and in Firefox, over http and from a file",
    time,
    async () => {
      const other = await startFirefox(firefox ?? "");
      try {
        for (const [step, seed, slug] of SEEDS) {
          const digest = digestOf(await explore({ step, seed }));
          for (const way of ["http", "file"] as const) {
            await other.goTo(`${site()[way]}${slug}.html#run&seed=${seed}`);
            const shown = () =>
              other.evaluate("document.querySelector('.play-results')?.innerText");
            await expect.poll(shown, { timeout: PATIENCE }).toContain(digest);
          }
        }
      } finally {
        await other.close();
      }
    },
  );

  run("shares a seed, with the edit", time, async () => {
    const page = await open("10-rename.html#run&seed=1");
    await expect
      .poll(() => results(page), { timeout: PATIENCE })
      .toContain("Seed 1 breaks");
    await page.locator(".play textarea").fill('throw new Error("mine");');
    await page.evaluate("location.hash = ''");
    await press(page, "Find a race");
    const broken = expect.poll(() => results(page), { timeout: PATIENCE });
    await broken.toContain("the server listens");
    await press(page, "Share this seed");
    await expect.poll(() => page.url()).toContain("edit=");
    await page.reload();
    const again = expect.poll(() => results(page), { timeout: PATIENCE });
    await again.toContain("it ended: Error: mine");
    expect(await page.locator(".play textarea").inputValue()).toContain("mine");
  });

  run("keeps an edit, also one made after it was shared", time, async () => {
    const page = await open("10-rename.html#run&seed=1");
    const area = page.locator(".play textarea");
    const edits = async (text: string) => {
      await area.fill(`// ${text}\n${await area.inputValue()}`);
    };
    await edits("shared");
    await press(page, "Find a race");
    await press(page, "Show it");
    await press(page, "Share this seed");
    await expect.poll(() => page.url()).toContain("edit=");
    await edits("later");
    await page.keyboard.press("Escape");
    await page.locator("[data-run]").click();
    await listens(page);
    expect(await area.inputValue()).toMatch(/^\/\/ later\n\/\/ shared\n/);
    await page.reload();
    await listens(page);
    expect(await area.inputValue()).toMatch(/^\/\/ later\n\/\/ shared\n/);
    // A new link brings its own text.
    const shared = page.url();
    await page.goto("about:blank");
    await page.goto(shared.replace("seed=1&", "seed=2&"));
    await listens(page);
    expect(await area.inputValue()).toMatch(/^\/\/ shared\n/);
    await press(page, "Back to the step");
    expect(await area.inputValue()).not.toContain("// shared");
  });

  run("stops reading, and shows all of it later", time, async () => {
    const page = await open("08-chat.html");
    await play(page);
    await sees(page, "bob", "/quit");
    const bob = column(page, "bob");
    const log = bob.locator(".play-log");
    await bob.getByRole("button", { name: "Stop reading" }).click();
    await sees(page, "bob", "stopped reading");
    for (const line of ["one", "two", "three"]) {
      await types(page, "ann", line);
      await sees(page, "ann", `${line} ❤️`);
    }
    await sees(page, "eve", "three");
    expect(await log.innerText()).toMatch(/stopped reading$/);
    await bob.getByRole("button", { name: "Resume reading" }).click();
    await sees(page, "bob", "three");
    expect(await log.innerText()).toMatch(/resumed reading\none.*\ntwo.*\nthree/);
    await bob.getByRole("button", { name: "Stop reading" }).waitFor();
  });

  run("answers to what cannot be done, and in the past", time, async () => {
    const page = await open("08-chat.html");
    await play(page);
    await sees(page, "ann", "/quit");
    await slider(page, "Time").fill("0");
    await types(page, "ann", "now");
    await sees(page, "ann", "now ❤️");
    await column(page, "ann").getByRole("button", { name: "Reset" }).click();
    await types(page, "ann", "hello");
    await sees(page, "ann", "not connected: “hello” was not sent");
    await column(page, "ann").getByRole("button", { name: "Connect" }).click();
    await types(page, "ann", "again");
    await sees(page, "ann", "again ❤️");
    await column(page, "ann").locator("input").fill("kept");
    await press(page, "Stop");
    expect(await page.locator(".play-state").innerText()).toContain(
      "Run starts it again",
    );
    expect(await page.locator(".play-client :enabled").count()).toBe(0);
    expect(await column(page, "ann").locator("input").inputValue()).toBe("kept");
    await press(page, "Run");
    await sees(page, "ann", "/quit");
    await types(page, "ann", "more");
    await sees(page, "ann", "more ❤️");
  });

  run("has no faults of accessibility, light or dark", time, async () => {
    const { browser, http } = site();
    const address = `${http}10-rename.html#run&seed=1`;
    const ready = (page: Page) =>
      page.locator(".play-diagram svg").waitFor({ timeout: PATIENCE });
    expect(await accessibilityFaults(browser, [address], ready)).toEqual([]);
  });

  run("lights up a line in forced colours too", time, async () => {
    const page = await open("07-kinda-chat.html", { forcedColors: "active" });
    await play(page);
    await sees(page, "ann", "/quit - quits server");
    const ground = (which: string) =>
      page.evaluate(
        `getComputedStyle(document.querySelector("${which}")).backgroundColor`,
      );
    expect(await ground(".lit")).not.toBe(await ground(".play"));
  });

  run("can be used on a phone", time, async () => {
    const page = await open("07-kinda-chat.html", PHONE);
    await play(page);
    await types(page, "ann", "hello");
    await sees(page, "ann", "hello ❤️");
    const { wide } = await page.evaluate<{ wide: number }>(
      `({ wide: document.querySelector(".play").scrollWidth - innerWidth })`,
    );
    expect(wide).toBeLessThanOrEqual(0);
    const sizes = await page.evaluate<string[]>(
      `[...document.querySelectorAll(".play :is(input[type=text], select, textarea)")]
        .map((field) => getComputedStyle(field).fontSize)`,
    );
    expect(new Set(sizes)).toEqual(new Set(["16px"]));
    await press(page, "Check");
    const status = page.locator(".play-results [role=status]");
    const shows = async (text: string) => {
      const says = expect.poll(() => status.innerText(), { timeout: PATIENCE });
      await says.toContain(text);
      const place = await status.boundingBox();
      // A fraction of a pixel may be outside.
      expect(place?.y).toBeGreaterThan(-1);
      expect(place?.y).toBeLessThan(740 / 2);
    };
    await shows("behaviours hold");
    await press(page, "Break it");
    await press(page, "Find a race");
    await shows("breaks a rule: the server");
    expect(await page.evaluate("document.body.scrollWidth - innerWidth")).toBe(0);
  });

  run("can be used by keyboard alone", time, async () => {
    const page = await open("07-kinda-chat.html");
    await page.locator("[data-run]").focus();
    await page.keyboard.press("Enter");
    await sees(page, "ann", "/quit - quits server");
    // It begins where one types.
    await page.keyboard.type("hello");
    await page.keyboard.press("Enter");
    await sees(page, "ann", "hello ❤️");
    await page.locator(".play textarea").focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.type")).toBe("range");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".play[open]").count()).toBe(0);
    expect(await page.evaluate("document.activeElement.dataset.run")).toBeTruthy();
  });

  run("weighs no more than it may", async () => {
    const size = (path: string) => gzipSync(site().files.get(path) ?? "").length;
    const steps = [...site().files.keys()].filter((path) => path.startsWith("play/"));
    expect(steps).toHaveLength(18);
    const common = size("machine.js") + size("play.js");
    for (const name of ["checks.js", "diagram.js", "diff.js"])
      expect(size(name), name).toBeLessThan(MORE);
    for (const step of steps) {
      const bytes = size(step) + common;
      expect({ step, bytes, fits: bytes <= BUDGET }).toMatchObject({ fits: true });
    }
  });
});
