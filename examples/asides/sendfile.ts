// Sends a file to a client, through our memory and without it: how many calls it takes, and
// what they cost this process.
// Run it: just example sendfile (Linux); with `-- --exact` the figures
// Page: docs/asides/kernel.md
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { ipv4Address } from "../shared/poll/address.ts";
import { socketLayout } from "../shared/poll/sys/layout.ts";

const PIECE = 65536;
const SIZE = 64 * 1024 * 1024;
const { AF_INET, SOCK_STREAM } = socketLayout();
const libc = koffi.load(null);
const socket = libc.func("int socket(int domain, int type, int protocol)");
const connect = libc.func("int connect(int, void *address, uint32_t length)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const sendfile = libc.func("intptr_t sendfile(int to, int from, void *at, size_t size)");
const close = libc.func("int close(int)");

/** Reads and discards, in another process, so that its work does not count as ours. */
const READER = `require("node:net").createServer((socket) => socket.resume())
  .listen(0, "127.0.0.1", function () { console.log(this.address().port); })`;

const folder = mkdtempSync(join(tmpdir(), "sendfile-"));
const path = join(folder, "file");
writeFileSync(path, Buffer.alloc(SIZE, "x"));
const reader = spawn(process.execPath, ["-e", READER], {
  stdio: ["ignore", "pipe", "inherit"],
});
const port = Number(`${(await once(reader.stdout, "data"))[0]}`);
const client = socket(AF_INET, SOCK_STREAM, 0);
connect(client, ipv4Address("127.0.0.1", port), 16);

// #region ways
const piece = Buffer.alloc(PIECE);

function byWayOfUs(file: number): number {
  let calls = 0;
  for (let left = SIZE; left > 0; left -= PIECE) {
    readSync(file, piece);
    write(client, piece, PIECE);
    calls += 2;
  }
  return calls;
}

function withoutUs(file: number): number {
  let calls = 0;
  for (let left = SIZE; left > 0; calls += 1) left -= sendfile(client, file, null, left);
  return calls;
}
// #endregion ways

const [copied, sent] = [measure(byWayOfUs), measure(withoutUs)];
const word = sent.calls * 100 < copied.calls ? "less than a hundredth" : "more";
console.log(`64 MB by read and write: ${copied.calls.toLocaleString("en")} calls`);
console.log(`by sendfile: ${word} of them`);
if (process.argv.includes("--exact")) {
  for (const [name, { calls, ms }] of Object.entries({ copied, sent })) {
    console.log(`  ${name}: ${calls} calls, ${ms.toFixed(1)} ms of the processor`);
  }
}
close(client);
reader.kill();
rmSync(folder, { recursive: true });

/** The best of several runs: calls, and this process's CPU time in milliseconds. */
function measure(send: (file: number) => number): { calls: number; ms: number } {
  let [calls, ms] = [0, Number.POSITIVE_INFINITY];
  for (let run = 0; run < 5; run += 1) {
    const file = openSync(path, "r");
    const before = process.cpuUsage();
    calls = send(file);
    const { user, system } = process.cpuUsage(before);
    ms = Math.min(ms, (user + system) / 1000);
    closeSync(file);
  }
  return { calls, ms };
}
