// The page of r9 over plain HTTP: its users are users of the chat, and none can send for
// another.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Server } from "../../../behaviours/server.ts";
import { World } from "../../../behaviours/world.ts";
import { dialTo } from "../r5/server.ts";
import { end, startStep } from "../r8/server.ts";
import { asks, pageOf, serverAt, Tab } from "./tab.ts";

const PATIENCE = 20_000;
const LIMITS = ["--max-line", "64", "--max-message", "20", "--head-timeout", "100"];

let server: Required<Server>;
let page: string;
let world: World;
beforeAll(async () => {
  server = await startStep("r9-chat", "--rate", "0", ...LIMITS);
  page = pageOf(server);
  world = new World({ server, step: 18, patience: PATIENCE });
});
afterAll(async () => {
  world.close();
  await end(server);
});

describe("a user of the page", () => {
  test("joins, sends, receives and leaves like any user of the chat", async () => {
    const ann = await world.join("ann");
    const tab = await Tab.open(page);
    await ann.sees(`${tab.name} joined`);
    expect(await tab.says("/name Tab1")).toBe(204);
    await ann.sees(`${tab.name} is now Tab1`);
    await tab.says("<b>hello</b> & good day");
    await tab.sees("Messages can only be 20 chars long");
    await tab.says("<b>hé</b> &amp;");
    await ann.sees("Tab1: <b>hé</b> &amp;");
    await tab.sees("Tab1: <b>hé</b> &amp;");
    await ann.talks("hello, tab");
    await tab.sees(`${ann.name}: hello, tab`);
    expect(await tab.says("/quit")).toBe(204);
    await ann.sees("Tab1 left");
    await tab.ends();
    expect(await tab.says("too late")).toBe(403);
  });

  test("sees the rooms, and the users of its own room, as they change", async () => {
    const tab = await Tab.open(page);
    await tab.says("/name Tab2");
    await tab.says("/join attic");
    await tab.shows("here", ({ you, room, users }: Here) => {
      return you === "Tab2" && room === "attic" && `${users}` === "Tab2";
    });
    const bob = await world.join("bob");
    await bob.joins("attic");
    await tab.shows("here", ({ count, users }: Here) => {
      return count === 2 && users.includes(bob.name);
    });
    await bob.joins("cellar", "attic");
    await tab.shows("rooms", (rooms: [string, number][]) => {
      return rooms.some(([name, size]) => name === "cellar" && size === 1);
    });
  });

  test("leaves when its tab resets", async () => {
    const ann = await world.join("ann");
    const tab = await Tab.open(page);
    await ann.sees(`${tab.name} joined`);
    tab.resets();
    await ann.sees(`${tab.name} left`);
  });
});

interface Here {
  readonly you: string;
  readonly room: string;
  readonly count: number;
  readonly users: readonly string[];
}

describe("a request to send a message", () => {
  test.each([
    ["without a key", {}, 403],
    ["with a wrong key", { "Chat-Key": "guessed" }, 403],
    ["from a page of another origin", { Origin: "http://evil.example" }, 403],
    ["from a page on another port", { Origin: "http://127.0.0.1:1" }, 403],
    ["from a sandbox", { Origin: "null" }, 403],
    ["that a browser marks as cross-site", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["with another host name", { Host: "evil.example" }, 421],
  ])("%s is refused", async (_, fields, status) => {
    const tab = await Tab.open(page);
    expect((await asks(`${page}say`, "POST", "I am not me", fields)).status).toBe(status);
    // With just its key it may. The refused message was not delivered.
    await tab.says("I am");
    expect(await tab.hears()).toBe(`${tab.name}: I am`);
  });

  test("with several lines, invalid UTF-8, no length or too much text is refused", async () => {
    const tab = await Tab.open(page);
    expect(await tab.says("one\ntwo")).toBe(400);
    expect(await tab.says("one\rtwo")).toBe(400);
    expect(await tab.says("x".repeat(65))).toBe(413);
    const status = async (text: string) => {
      const client = await dialTo(serverAt(page));
      await client.send(`POST /say HTTP/1.1\r\nHost: localhost\r\n${text}`);
      return (await client.answer()).status;
    };
    expect(await status("Content-Length: 2\r\n\r\n\xff\xff")).toBe(400);
    expect(await status("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).toBe(411);
    expect(await status("Content-Length: 100000000\r\n\r\nand so on")).toBe(413);
  });

  test("may be incomplete, and costs other users nothing", async () => {
    const half = await dialTo(serverAt(page));
    await half.send("POST /say HTTP/1.1\r\nHost: localhost\r\n");
    const tab = await Tab.open(page);
    await tab.says("hello");
    await tab.sees(`${tab.name}: hello`);
    expect((await half.answer()).status).toBe(408);
    await half.ends();
  });
});

test("event streams open for our page, and for clients that are not browsers", async () => {
  const fields = { "Sec-Fetch-Site": "cross-site" };
  expect((await asks(`${page}events`, "GET", "", fields)).status).toBe(403);
  expect((await asks(`${page}events`, "HEAD")).fields["content-type"]).toBe(
    "text/event-stream",
  );
});

test.each([
  ["GET", "", 200],
  ["HEAD", "page.js", 200],
  ["GET", "nowhere", 404],
  ["GET", "../server.ts", 404],
  ["POST", "", 405],
  ["GET", "say", 405],
  ["MAKE", "", 501],
])("%s /%s is %i", async (method, path, status) => {
  const { fields, ...answer } = await asks(page + path, method);
  expect(answer.status).toBe(status);
  expect(fields["content-security-policy"]).toMatch(/^default-src 'none'; script-src 's/);
  expect(fields["x-content-type-options"]).toBe("nosniff");
});

test("a browser that has the files gets 304", async () => {
  const { fields } = await asks(page, "GET");
  const again = { "If-None-Match": `${fields.etag}` };
  expect(await asks(page, "GET", "", again)).toMatchObject({ status: 304, body: "" });
});

test("several requests on one connection are answered in order", async () => {
  const client = await dialTo(serverAt(page));
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  await client.send(get("/nowhere") + get("/page.css") + get("/"));
  expect((await client.answer()).status).toBe(404);
  expect((await client.answer()).body.toString()).toMatch(/^\/\*/);
  expect((await client.answer()).body.toString()).toMatch(/^<!doctype/);
});
