// What a browser and the server of r9's page exchange: an event stream, and requests.
// Run it: just example live-page
// Page: docs/r9-chat.md
import { spawn } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage, request } from "node:http";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../r9-chat/server.ts", import.meta.url));
/** The server draws random names; this makes them the same in each run. */
const NO_CHANCE = ["--import", "data:text/javascript,Math.random = () => 0"];

const server = spawn(process.execPath, [...process.execArgv, ...NO_CHANCE, PROGRAM], {
  env: { ...process.env, PORT: "0", LOG_LEVEL: "silent" },
  stdio: ["ignore", "pipe", "inherit"],
});
const [text] = await once(server.stdout, "data");
const page = /page on (\S+)/.exec(`${text}`)?.[1] ?? "";
let key = "";

/** Sends a line as the page does, and prints the exchange. */
async function say(line: string, fields: Record<string, string>): Promise<void> {
  const shown = Object.entries(fields).map(([name, value]) => `, ${name}: ${value}`);
  console.log(`> POST /say${shown.join("").replace(key || "?", "<the key>")}   ${line}`);
  const asked = request(`${page}say`, { method: "POST", headers: fields });
  asked.end(line);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  console.log(`< ${answer.statusCode} ${answer.statusMessage}`);
  answer.resume();
}

console.log("> GET /events");
const [stream] = (await once(get(`${page}events`), "response")) as [IncomingMessage];
console.log(`< ${stream.statusCode} ${stream.headers["content-type"]}`);
const events = stream.setEncoding("utf8").iterator({ destroyOnReturn: false });
let unread = "";

/** Prints the stream up to an event, except for the list of commands in the greeting. */
async function readUpTo(last: string): Promise<void> {
  for (;;) {
    const end = unread.indexOf("\n\n");
    if (end === -1) {
      unread += (await events.next()).value;
      continue;
    }
    const event = unread.slice(0, end);
    unread = unread.slice(end + 2);
    key ||= /^event: key\ndata: (.*)$/.exec(event)?.[1] ?? "";
    if (!/commands$|^data: {3}\//.test(event)) {
      const lines = event.replace(key || "?", "<the key>").split("\n");
      console.log(lines.map((line) => `  ${line}`).join("\n"));
    }
    if (event.includes(last)) return;
  }
}

await readUpTo("event: rooms");
const mine = { "Chat-Key": key };
await say("/name Ann", mine);
await readUpTo("event: here");
await say("hello", {});
await say("hello", { ...mine, Origin: "http://elsewhere.example" });
await say("hello", mine);
await readUpTo("Ann: hello");
stream.destroy();
server.kill("SIGKILL");
