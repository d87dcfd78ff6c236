// The page of r9 in a real browser.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Server } from "../../../behaviours/server.ts";
import { World } from "../../../behaviours/world.ts";
import { accessibilityFaults } from "../../../scripts/docs/site/axe.ts";
import { findChromium, startBrowser } from "../../../scripts/docs/site/browser.ts";
import { needs } from "../../requirements.ts";
import { withStep } from "../r8/server.ts";
import { pageOf } from "./tab.ts";

const chromium = findChromium();
const here = needs(chromium, "the page of r9 in a browser", "Chromium");
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1440, height: 900 };

describe.skipIf(!here)("in a browser", () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  beforeAll(async () => {
    browser = await startBrowser(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  async function start(): Promise<{ server: Required<Server>; world: World }> {
    const server = await withStep("r9-chat", "--rate", "0");
    const world = new World({ server, step: 18, patience: 20_000 });
    onTestFinished(() => world.close());
    return { server, world };
  }

  /** A tab whose user has this name. Any error in the browser's console fails the test. */
  async function open(address: string, name: string, viewport = DESK): Promise<Page> {
    const context = await browser.newContext({ viewport });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    onTestFinished(() => expect(complaints).toEqual([]));
    await page.goto(address);
    await say(page, `/name ${name}`);
    await page.getByText(`You are ${name} in main`).waitFor();
    return page;
  }

  /** Types a line as a keyboard user does: the field keeps the focus after each line. */
  async function say(page: Page, line: string): Promise<void> {
    await page.getByRole("textbox", { name: "Message" }).focus();
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  }

  test("two tabs and a line client talk, and messages are shown as plain text", async () => {
    const { server, world } = await start();
    const ann = await open(pageOf(server), "Ann");
    const bob = await open(pageOf(server), "Bob", PHONE);
    await bob.getByRole("heading", { name: "Talk" }).waitFor();
    await say(ann, "<img src=x onerror=alert(1)> & <b>hé</b>");
    const said = "Ann: <img src=x onerror=alert(1)> & <b>hé</b>";
    await bob.getByText(said, { exact: true }).waitFor();
    expect(await bob.locator("#talk img, #talk b").count()).toBe(0);
    const eve = await world.join("eve");
    await eve.renames("Eve");
    await eve.talks("by lines");
    await ann.getByText("Eve: by lines", { exact: true }).waitFor();
    await ann.locator("#users li", { hasText: "Eve" }).waitFor();
    await say(bob, "from a phone");
    await eve.sees("Bob: from a phone");
  });

  test("rooms are changed by keyboard, and the focus stays", async () => {
    const { server, world } = await start();
    const ann = await open(pageOf(server), "Ann");
    await ann.getByRole("textbox", { name: "Another room" }).focus();
    await ann.keyboard.type("attic");
    await ann.keyboard.press("Enter");
    await ann.getByText("You are Ann in attic").waitFor();
    await world.join("eve");
    const main = ann.getByRole("button", { name: /^main/ });
    await main.focus();
    await ann.keyboard.press("Enter");
    await ann.getByText("You are Ann in main").waitFor();
    await ann.locator('#rooms [aria-current="true"]', { hasText: "main" }).waitFor();
    expect(await ann.evaluate("document.activeElement.textContent")).toMatch(/^main/);
  });

  test("a user who quits is shown that, and joins again", async () => {
    const { server } = await start();
    const ann = await open(pageOf(server), "Ann");
    await say(ann, "/quit");
    await ann.getByText("You have left the chat.").waitFor();
    await ann.getByRole("button", { name: "Join again" }).click();
    await ann.getByText(/^You are \w+ in main$/).waitFor();
  });

  test("passes the accessibility checks, and makes no requests to other hosts", async () => {
    const { server } = await start();
    expect(await accessibilityFaults(browser, [pageOf(server)])).toEqual([]);
  });

  test("fits on a small phone, however long a word is", async () => {
    const { server } = await start();
    const ann = await open(pageOf(server), "A2345678901234567890", PHONE);
    await say(ann, "w".repeat(400));
    await ann.getByText(`: ${"w".repeat(400)}`).waitFor();
    expect(await ann.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });

  test("a page of another origin can neither send for its user nor join", async () => {
    const { server, world } = await start();
    const elsewhere = createServer((_, answer) => {
      answer.setHeader("Content-Type", "text/html").end("<title>evil</title>");
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    const page = pageOf(server);
    await open(page, "Ann");
    const eve = await world.join("eve");
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const evil = await context.newPage();
    await evil.goto(`http://127.0.0.1:${port}/`);
    const answers = await evil.evaluate(
      `Promise.all([
        fetch("${page}say", { method: "POST", body: "I am Ann", mode: "no-cors" }),
        fetch("${page}say", { method: "POST", headers: { "Chat-Key": "x" } }),
        fetch("${page}events"),
        new Promise((_, reject) => {
          new EventSource("${page}events").onerror = () => reject("refused");
        }),
      ].map((asked) => asked.then(({ type }) => type, String)))`,
    );
    const refused = "TypeError: Failed to fetch";
    expect(answers).toEqual([refused, refused, refused, "refused"]);
    await eve.talks("did anybody join, or speak?");
    expect(await eve.rooms()).toEqual([{ name: "main", users: 2 }]);
  });
});
