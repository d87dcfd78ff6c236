// The way of a byte through r9: Ann types `~`, and Bob's page gets it. Each call of the kernel that
// has the byte says where it came by.
// Run it: just example byte-way
// Page: docs/asides/byte-way.md
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { Room } from "../r9-chat/room.ts";
import { systemSockets } from "../shared/poll/system-sockets.ts";
import { Driver } from "../shared/runtime/driver.ts";

const EXAMPLES = fileURLToPath(new URL("..", import.meta.url));
const BYTE = "~".charCodeAt(0);
Error.stackTraceLimit = 100;

// Nothing of r9 is changed for this: it runs in this process, and we look over its shoulder.
process.env.PORT = "0";
process.env.LOG_LEVEL = "silent";
const say = console.log;
const ports = await new Promise<readonly number[]>((resolve) => {
  console.log = (text: string) =>
    resolve([...text.matchAll(/:(\d+)/g)].map(([, port]) => Number(port)));
  // It never ends: it is a server.
  void import("../r9-chat/server.ts");
});
const [pagePort = 0, port = 0] = ports;

/** Who has called whom up to here, from the turn of the loop on: file and function. */
function way(): string[] {
  const lines = `${new Error().stack}`.split("\n").reverse();
  const calls = lines.flatMap((line) => {
    const [, name = ""] = /at (?:Object\.)?(\S+) /.exec(line) ?? [];
    const [, file = ""] = line.split(EXAMPLES);
    const isOurs = file !== "" && !file.startsWith("asides/") && name !== "<anonymous>";
    return isOurs ? [station(file.replace(/\.[jt]s:.*$/, ".ts"), name)] : [];
  });
  return calls.slice(calls.findIndex((call) => call.endsWith(" turn")));
}

/** @param last The function that we stand in front of, which is therefore not in the way. */
function note(what: string, ...last: string[]): void {
  say([what, ...way(), ...last, ""].join("\n"));
}

function station(file: string, name: string): string {
  return `  ${file}`.padEnd(32) + name;
}

let isSent = false;
let isRead = false;
let isOut = false;
const sockets = systemSockets();
const { recv, send } = sockets;
sockets.recv = (fd, into) => {
  const count = recv.call(sockets, fd, into);
  if (typeof count === "number" && into[0] === BYTE) {
    isRead = true;
    note(`recv: ${count} bytes, into a buffer of ${into.length}`);
  }
  return count;
};
sockets.send = (fd, bytes) => {
  const at = bytes.indexOf(BYTE);
  // Bob comes first. Then Ann gets her own line.
  if (at !== -1 && isRead && !isOut) {
    isOut = true;
    note(`send: ${bytes.length} bytes, of which ours is byte ${at}`);
  }
  return send.call(sockets, fd, bytes);
};
const { deliver } = Driver.prototype;
Driver.prototype.deliver = function (events) {
  // Others than Ann's may come before it, and after it.
  if (isSent && !isRead && events.length > 0)
    note(
      "event: Ann's socket is readable",
      station("shared/runtime/driver.ts", "Driver.deliver"),
    );
  deliver.call(this, events);
};
const { say: roomSay } = Room.prototype;
Room.prototype.say = function (...args) {
  const next = roomSay.apply(this, args);
  const [{ name }, , from] = args;
  if (isSent) {
    note(
      `say: ${next - from} bytes, copied behind "${name}: "`,
      station("r9-chat/room.ts", "Room.say"),
    );
  }
  return next;
};

const [stream] = (await once(get(`http://127.0.0.1:${pagePort}/events`), "response")) as [
  IncomingMessage,
];
let seen = "";
stream.setEncoding("utf8").on("data", (text: string) => {
  seen += text;
});
const ann = connect(port, "127.0.0.1");
ann.write("/name Ann\n");
// Until both are there, and Bob's page has been told so.
while (!/"count":2,"users":\[[^\]]*"Ann"/.test(seen)) await once(stream, "data");
seen = "";
isSent = true;
ann.write("~\n");
while (!seen.includes("~")) await once(stream, "data");
say(`Bob's browser: ${seen.trim()}`);
process.exit();
