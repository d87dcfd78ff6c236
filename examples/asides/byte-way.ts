// The path of a byte through r9: Ann types `~`, and Bob's page gets it. Each system call
// that carries the byte prints the calls that led to it.
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

// r9 runs unchanged in this process; we only wrap the functions that it calls.
process.env.PORT = "0";
process.env.LOG_LEVEL = "silent";
const say = console.log;
const ports = await new Promise<readonly number[]>((resolve) => {
  console.log = (text: string) =>
    resolve([...text.matchAll(/:(\d+)/g)].map(([, port]) => Number(port)));
  // Not awaited, because a server never ends.
  void import("../r9-chat/server.ts");
});
const [pagePort = 0, port = 0] = ports;

/** The calls that led here, from the turn of the loop on: file and function of each. */
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

/** @param last The function that we wrap, which is therefore not on the stack yet. */
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
  // The first send is Bob's. The next one is Ann's own line.
  if (at !== -1 && isRead && !isOut) {
    isOut = true;
    note(`send: ${bytes.length} bytes, of which ours is the ${at + 1}th`);
  }
  return send.call(sockets, fd, bytes);
};
const { deliver } = Driver.prototype;
Driver.prototype.deliver = function (events) {
  // Events of other sockets may come before Ann's, and after it.
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
// Until both are in the room, and Bob's page knows.
while (!/"count":2,"users":\[[^\]]*"Ann"/.test(seen)) await once(stream, "data");
seen = "";
isSent = true;
ann.write("~\n");
while (!seen.includes("~")) await once(stream, "data");
say(`Bob's browser: ${seen.trim()}`);
process.exit();
