// The servers that the checker starts end with it, however it ends.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Command } from "../run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server that greets nobody, and holds a connection to port argv[2] while it runs. */
const SERVER = `
  import { connect, createServer } from "node:net";
  connect(Number(process.argv[2]), "127.0.0.1");
  createServer().listen(Number(process.env.PORT), "127.0.0.1", function () {
    console.log("listening on 127.0.0.1:" + this.address().port);
  });
`;

describe.skipIf(process.platform === "win32")("no server is left behind", () => {
  test.each([
    ["SIGINT", "node mute.mjs", 130],
    ["SIGTERM", "node mute.mjs", 143],
    ["SIGHUP", "cd . && (true; node mute.mjs; true)", 129],
    ["SIGINT", "cd . && (true; node mute.mjs; true)", 130],
    ["SIGKILL", "node mute.mjs", "SIGKILL"],
    ["SIGKILL", "cd . && (true; node mute.mjs; true)", "SIGKILL"],
  ] as const)("after %s, started by: %s", async (signal, line, code) => {
    /** When each server has ended: the kernel closes its connection then. */
    const ends: Promise<unknown>[] = [];
    const listener = createServer((socket) => {
      ends.push(once(socket.on("error", () => {}).resume(), "close"));
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const path = join(folder, "mute.mjs");
    writeFileSync(path, SERVER);
    const run = `"${process.execPath}" "${path}" ${port}`;
    const cmd = line.replace("node mute.mjs", run);
    const check = new Command(["check", "6", "--patience", "600", "--cmd", cmd]);
    await once(listener, "connection");
    const ended = await check.end(signal);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toBe("");
    await Promise.all(ends);
    listener.close();
    // One that had not yet connected would do so now, and keep the listener open.
    await once(listener, "close");
  });
});
