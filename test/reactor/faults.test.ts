// An error of one connection, or of one file, ends that and nothing else: under the servers
// calls of the kernel fail (faults.mjs).
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import {
  HELLOS,
  SOLUTIONS,
  STEPS,
  type Subject,
  serves,
  start,
  until,
} from "./servers.ts";
import { dial, requestOf } from "./wire.ts";

const GET = requestOf("/style.css").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
const FILES = [...STEPS, ...SOLUTIONS];
/** Those that have nothing but epoll, or take it when they are not asked. */
const ON_EPOLL = [...FILES, ...HELLOS].filter(({ number, args }) => {
  return number > 2 && !args.some((word) => word === "poll" || word === "uring");
});
const onLinux = describe.runIf(process.platform === "linux");

function faulty(subject: Subject, FAULTS: string) {
  return start(subject, { preload: "faults.mjs", env: { FAULTS } });
}

/** Asks for a file that all have; the status, or 0 when the connection ends without one. */
async function asks(port: number, { file }: Subject): Promise<number> {
  const socket = await dial(port);
  let answer = "";
  socket.on("data", (piece: Buffer) => {
    answer += piece.toString("latin1");
  });
  socket.write(file.endsWith("hello.js") ? GET.replace("style.css", "") : GET);
  await new Promise((resolve) => socket.once("close", resolve));
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}

onLinux("on Linux, whose calls we know,", () => {
  serves("a file that cannot be opened is 503, 500 or 404", FILES, async (subject) => {
    const statuses = { EMFILE: 503, ENFILE: 503, EIO: 500, EACCES: 404 };
    for (const [code, status] of Object.entries(statuses)) {
      const { port } = await faulty(subject, `open:${code}:1-`);
      expect(await asks(port, subject), code).toBe(status);
      expect(await asks(port, subject), code).toBe(status);
    }
  });

  serves("whom the kernel cannot watch is closed alone", ON_EPOLL, async (subject) => {
    // The first is for the listener.
    const { port } = await faulty(subject, "epoll_ctl:ENOSPC:2");
    expect(await asks(port, subject)).toBe(0);
    expect(await asks(port, subject)).toBe(200);
  });

  serves("for a short answer it asks for no room", ON_EPOLL, async (subject) => {
    const { port } = await faulty(subject, "epoll_ctl:ENOMEM:3-");
    expect(await asks(port, subject)).toBe(200);
  });
});
