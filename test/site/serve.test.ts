// Serving the site: what an address means, and what it says while there is no site.
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SiteServer, serveSite } from "../../scripts/docs/site/serve.ts";

const SITE = new Map([
  ["index.html", "<head></head>home"],
  ["sub/index.html", "<head></head>sub"],
  ["404.html", '<head></head><a href="index.html">lost</a>'],
  ["theme.css", "p{}"],
]);

let server: SiteServer;
let address: string;

beforeEach(async () => {
  server = await serveSite({ port: 0 });
  address = `http://127.0.0.1:${server.port}`;
});

afterEach(() => server.close());

/** Asks for an address as it is written: `fetch` would tidy it up. */
function ask(path: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test("serves files by their types, and folders by their index", async () => {
  server.show(SITE);
  const css = await fetch(`${address}/theme.css?v1`);
  expect([css.headers.get("content-type"), await css.text()]).toEqual([
    "text/css; charset=utf-8",
    "p{}",
  ]);
  expect(await (await fetch(`${address}/sub/`)).text()).toContain("sub");
  // As it is published: nothing of Vite is in it.
  expect(await (await fetch(`${address}/`)).text()).toBe("<head></head>home");
});

test.each([
  "/package.json",
  "/01-echo.md",
  "/../package.json",
  "/%2e%2e/package.json",
  "/@fs/etc/hostname",
  "/@fs/x/node_modules/vite/dist/client/../../../../package.json",
  "/@vite/../../package.json",
  "/__open-in-editor?file=package.json",
  "/%00",
  "/%",
  "../package.json",
])("serves nothing but the site for %s", async (path) => {
  server.show(SITE);
  expect(await ask(path)).toMatch(/^HTTP\/1\.1 40[034]/);
});

test("shows the page for lost readers, whose links begin at the site", async () => {
  server.show(SITE);
  const lost = await fetch(`${address}/no/such/page.html`);
  expect(lost.status).toBe(404);
  expect(await lost.text()).toContain('href="/index.html"');
});

test("says so while there is no site yet", async () => {
  const waiting = await fetch(`${address}/`);
  expect(waiting.status).toBe(503);
  expect(await waiting.text()).toContain("The site is being built");
});

test("shows why there is no site, escaped, and keeps the one before", async () => {
  server.showProblem("<b>");
  expect(await (await fetch(`${address}/x.html`)).text()).toContain("&lt;b&gt;");
  server.show(SITE);
  server.showProblem("<b>");
  expect(await (await fetch(`${address}/`)).text()).toContain("home");
});
