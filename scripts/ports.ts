// Checks whether a port is free, and finds the process that has it.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { Failure } from "./cli.ts";

/**
 * Makes sure that a server can listen on 127.0.0.1 at `port`. It does not listen there itself, not
 * even briefly: a client might connect at that moment, and would be accepted and dropped.
 *
 * @param problem The beginning of the message, such as `Cannot start 06-concurrent`.
 * @throws {Failure} When the port is taken or not allowed; says which process has it, and what to
 * do.
 */
export async function checkPort(port: number, problem: string): Promise<void> {
  // With port 0, the system picks a free one.
  if (port === 0) return;
  try {
    await connectFrom(port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new Failure(
        `${problem}: port ${port} is taken by ${ownerOf(port)}\n` +
          `End that program, or use another port: --port 0 finds a free one`,
      );
    }
    if (code === "EACCES") {
      throw new Failure(
        `${problem}: you may not use port ${port}\n` +
          "Use one above 1023: --port 0 finds a free one",
      );
    }
    throw new Failure(`${problem}: ${message}`);
  }
}

/**
 * Binds 127.0.0.1:`port` as a client does, so that nobody can connect to it, and releases it.
 *
 * @throws The error that a server listening there would get: EADDRINUSE, EACCES.
 */
async function connectFrom(port: number): Promise<void> {
  const host = "127.0.0.1";
  const server = createServer((peer) => peer.on("error", () => {})).listen(0, host);
  await once(server, "listening");
  const { port: ours } = server.address() as AddressInfo;
  const socket = connect({ host, port: ours, localAddress: host, localPort: port });
  try {
    await once(socket, "connect");
  } finally {
    // A reset frees the port immediately; after a normal close it would be in TIME_WAIT.
    socket.resetAndDestroy();
    server.close();
  }
}

/** The process that listens on a port, if we may see it; otherwise how to find it. */
function ownerOf(port: number): string {
  if (process.platform === "win32") {
    return `another program (netstat -ano | findstr :${port} shows its process id)`;
  }
  return (
    ownerInProc(port) ??
    ownerByLsof(port) ??
    `another program (sudo lsof -nP -iTCP:${port} -sTCP:LISTEN shows which)`
  );
}

/** On Linux: /proc/net/tcp has the socket's inode, and its owner's fd folder a link (proc(5)). */
function ownerInProc(port: number): string | undefined {
  try {
    const table = readFileSync("/proc/net/tcp", "utf8").split("\n");
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    // sl local_address rem_address st … inode: 0A is LISTEN.
    const row = table.find((line) =>
      new RegExp(`^ *\\d+: \\w+:${hex} \\S+ 0A`).test(line),
    );
    const inode = row?.trim().split(/\s+/)[9];
    if (inode === undefined) return undefined;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      if (!ownsSocket(pid, inode)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return `process ${pid}: ${command.join(" ").trim()}`;
    }
  } catch {
    // Not Linux, or not permitted.
  }
  return undefined;
}

function ownsSocket(pid: string, inode: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some(
      (fd) => readlinkSync(`${folder}/${fd}`) === `socket:[${inode}]`,
    );
  } catch {
    return false;
  }
}

function ownerByLsof(port: number): string | undefined {
  try {
    const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
    const text = execFileSync("lsof", args, { encoding: "utf8", stdio: "pipe" });
    const pid = /^p(\d+)$/m.exec(text)?.[1];
    const command = /^c(.*)$/m.exec(text)?.[1];
    return pid === undefined ? undefined : `process ${pid}: ${command}`;
  } catch {
    return undefined;
  }
}
