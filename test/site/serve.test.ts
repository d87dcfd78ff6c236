// Serving the site: what an address means, and what open pages are told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pathOf, SiteServer } from "../../scripts/docs/site/serve.ts";

let folder: string;
let server: SiteServer;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "served-"));
  mkdirSync(join(folder, "site/sub"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "site/index.html"), "<head></head>home");
  writeFileSync(join(folder, "site/sub/index.html"), "<head></head>sub");
  writeFileSync(
    join(folder, "site/404.html"),
    '<head></head><a href="index.html">lost</a>',
  );
  writeFileSync(join(folder, "site/theme.css"), "p{}");
  server = new SiteServer();
  address = `http://127.0.0.1:${await server.listen(0)}`;
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const built = () => server.show({ kind: "built", folder: join(folder, "site") });

/** Asks for an address as it is written: `fetch` would tidy it up. */
function ask(path: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test("serves files by their types, and folders by their index", async () => {
  built();
  const css = await fetch(`${address}/theme.css?v1`);
  expect([css.headers.get("content-type"), await css.text()]).toEqual([
    "text/css; charset=utf-8",
    "p{}",
  ]);
  expect(await (await fetch(`${address}/sub/`)).text()).toContain("sub");
  expect(await (await fetch(`${address}/`)).text()).toContain("home");
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/sub/../../secret.txt",
  "/sub/%2e%2e/%2e%2e/secret.txt",
  "/..%5csecret.txt",
  "//../secret.txt",
  "/%00",
  "/%",
  "../secret.txt",
])("does not leave the site's folder for %s", async (path) => {
  built();
  const answer = await ask(path);
  expect(answer).toMatch(/^HTTP\/1\.1 40[04]/);
  expect(answer).not.toContain("secret");
});

test("knows no way out of the folder, whatever the address", () => {
  expect(pathOf("/a/../b.html")).toBe("b.html");
  expect(pathOf("/c:/x")).toBeUndefined();
  expect(pathOf("/a\\..\\..\\x")).toBeUndefined();
});

test("shows the page for lost readers, whose links begin at the site", async () => {
  built();
  const lost = await fetch(`${address}/no/such/page.html`);
  expect(lost.status).toBe(404);
  expect(await lost.text()).toContain('href="/index.html"');
});

/** The events that a page of this build hears, one at a time. */
async function* eventsOf(page: string): AsyncGenerator<string> {
  const [, source = ""] = /EventSource\("([^"]+)"\)/.exec(page) ?? [];
  const { body } = await fetch(address + source);
  let rest = "";
  for await (const chunk of body ?? []) {
    rest += Buffer.from(chunk).toString();
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    yield* blocks.filter((block) => block.startsWith("event: "));
  }
}

test("tells a page of the next build, and why there is none", async () => {
  built();
  const page = await (await fetch(`${address}/`)).text();
  const events = eventsOf(page);
  const first = events.next();
  // It is heard, whether it comes before the page has connected or after.
  server.show({ kind: "broken", folder: join(folder, "site"), why: "08.md:3: no\n“x”" });
  expect((await first).value).toBe('event: broken\ndata: "08.md:3: no\\n“x”"');
  expect(await (await fetch(`${address}/`)).text()).toContain("home");
  const second = events.next();
  built();
  expect((await second).value).toBe('event: built\ndata: ""');
});

test("says so while there is no site yet, and then loads it", async () => {
  const waiting = await fetch(`${address}/`);
  expect(waiting.status).toBe(503);
  const page = await waiting.text();
  // The build ends before the page listens: it is told all the same.
  built();
  expect((await eventsOf(page).next()).value).toBe('event: built\ndata: ""');
});

test("shows why there is no site, escaped", async () => {
  server.show({ kind: "broken", folder: undefined, why: "<b>" });
  expect(await (await fetch(`${address}/x.html`)).text()).toContain("&lt;b&gt;");
});
