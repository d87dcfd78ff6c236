// An error of one connection or file ends only that one: faults.mjs makes system calls of
// the servers fail.
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { ALL } from "../requirements.ts";
import {
  descriptorsOf,
  HELLOS,
  SERVERS,
  SOLUTIONS,
  STEPS,
  type Subject,
  serves,
  start,
  until,
} from "./servers.ts";
import { ask, dial, requestOf } from "./wire.ts";

const GET = requestOf("/style.css").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
/** Servers that use epoll, because they have nothing else or by default. */
const ON_EPOLL = [...SERVERS, ...HELLOS].filter(({ number, args }) => {
  return number > 2 && !args.some((word) => word === "poll" || word === "uring");
});
/** With four processes, each counts its calls separately. */
const ONE_PROCESS = SERVERS.filter(({ title }) => title !== "r1-3-four");
const onLinux = describe.runIf(process.platform === "linux");

function faulty(subject: Subject, FAULTS: string) {
  return start(subject, { preload: "faults.mjs", env: { FAULTS } });
}

/** All codes with `--all`; otherwise one, a different one for each server. */
function someCodes({ title }: Subject, codes: readonly string[]): readonly string[] {
  const at = [...STEPS, ...HELLOS].findIndex((one) => one.title === title);
  return ALL ? codes : codes.slice(at % codes.length).slice(0, 1);
}

/** Requests a file. @returns The status; 0 when the connection ends without one. */
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

onLinux("on Linux, whose system calls we know,", () => {
  serves(
    "answers 503, 500 or 404 when a file cannot be opened",
    ONE_PROCESS,
    async (subject) => {
      const statuses = { EMFILE: 503, ENFILE: 503, EIO: 500, EACCES: 404 };
      const faults = Object.keys(statuses).map((code, at) => {
        return `openSync:${code}:${2 * at + 1}-${2 * at + 2}`;
      });
      const { port } = await faulty(subject, faults.join(" "));
      for (const [code, status] of Object.entries(statuses)) {
        expect(await asks(port, subject), code).toBe(status);
        expect(await asks(port, subject), code).toBe(status);
      }
      expect(await asks(port, subject)).toBe(200);
    },
  );

  serves(
    "answers 500 when fstat fails, and closes the file",
    SERVERS,
    async (subject) => {
      const { port, pid } = await faulty(subject, "fstatSync:EIO:1-");
      expect(await asks(port, subject)).toBe(500);
      const before = descriptorsOf(pid);
      expect(await asks(port, subject)).toBe(500);
      expect(descriptorsOf(pid)).toBe(before);
    },
  );

  serves(
    "sends the head of a file that cannot be read, and closes",
    SERVERS,
    async (subject) => {
      const { port } = await faulty(subject, "readSync:EIO:1-");
      for (const time of ["once", "again"]) {
        const { status, body } = await ask(port, GET);
        expect(status, time).toBe(200);
        expect(body.length, time).toBe(0);
      }
    },
  );

  serves(
    "closes only the client that epoll_ctl cannot add",
    ON_EPOLL,
    async (subject) => {
      const { port } = await faulty(subject, `epoll_ctl:ENOSPC:${firstClient(subject)}`);
      expect(await asks(port, subject)).toBe(0);
      expect(await asks(port, subject)).toBe(200);
    },
  );

  serves(
    "does not wait for writability to send a short answer",
    ON_EPOLL,
    async (subject) => {
      const { port } = await faulty(
        subject,
        `epoll_ctl:ENOMEM:${firstClient(subject) + 1}-`,
      );
      expect(await asks(port, subject)).toBe(200);
    },
  );

  const plain = ONE_PROCESS.filter(({ number }) => number < 4);
  serves("an error of a connection ends only that connection", plain, async (subject) => {
    const accept = subject.number < 3 ? "accept" : "accept4";
    for (const code of someCodes(subject, ["EPERM", "EHOSTDOWN", "ENOMEM"])) {
      const faults = `${accept}:${code}:2 read:${code}:1 write:${code}:1`;
      const { port } = await faulty(subject, faults);
      // One client whose request cannot be read, and one whose answer cannot be sent.
      expect(await asks(port, subject), code).toBe(0);
      expect(await asks(port, subject), code).toBe(0);
      expect(await asks(port, subject), code).toBe(200);
    }
  });

  const onLibrary = [...STEPS, ...HELLOS].filter(({ number }) => number > 3);
  serves(
    "with the library, any error of a connection ends only that connection",
    onLibrary,
    async (subject) => {
      const codes = ["EHOSTDOWN", "ENOMEM", "ENOBUFS", "EIO"];
      for (const code of someCodes(subject, codes)) {
        const accepts = "accept4:EPERM:2 accept4:EHOSTDOWN:3";
        const { port } = await faulty(
          subject,
          `recv:${code}:1 send:${code}:1 ${accepts}`,
        );
        expect(await asks(port, subject), code).toBe(0);
        expect(await asks(port, subject), code).toBe(0);
        expect(await asks(port, subject), code).toBe(200);
      }
    },
  );

  const accepting = [...SERVERS, ...HELLOS].filter(({ number }) => number > 2);
  serves(
    "accepts again after a shortage, even when it is busy",
    accepting,
    async (subject) => {
      const { port } = await faulty(subject, "accept4:ENFILE:2-3");
      const busy = await dial(port);
      busy.write("GET / HTTP/1.1\r\nX: ");
      const begun = setInterval(() => busy.write("x"), 20);
      try {
        expect(await asks(port, subject)).toBe(200);
      } finally {
        clearInterval(begun);
        busy.destroy();
      }
    },
  );
});

serves("a jump of the wall clock disconnects no client", HELLOS, async (subject) => {
  const { port } = await start(subject, { preload: "clock.mjs" });
  const [ann, bob] = [await dial(port), await dial(port)];
  // Each request takes a turn of the server, and moves the clock for the other client too.
  for (const client of [ann, bob, bob, bob, ann]) {
    const gone = once(client, "close").then(() => ["it was disconnected"]);
    const answer = once(client, "data");
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const [said] = await Promise.race([answer, gone]);
    expect(String(said)).toMatch(/^HTTP\/1\.1 200 /);
  }
  ann.destroy();
  bob.destroy();
});

onLinux("r1-3-four", () => {
  test("ends with its parent, even before its children have started", async () => {
    const four = SOLUTIONS.find(({ title }) => title === "r1-3-four");
    if (!four) throw new Error("r1-3-four is missing");
    const { port, pid, output } = await start(four, { preload: "late.mjs" });
    await until(() => output().match(/a child waits/g)?.length === 4);
    process.kill(pid, "SIGKILL");
    // The port stays open as long as one of them runs.
    await until(() => isRefused(port));
  });
});

/** Whether a connection to the port is refused. */
async function isRefused(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  const refused = new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(false));
    socket.once("error", () => resolve(true));
  });
  return refused.finally(() => socket.destroy());
}

/** The number of the epoll_ctl call for its first client: call 1 is the listener's. */
function firstClient({ title }: Subject): number {
  // And a call for Node's loop, whose guest it is.
  return title === "r4-3-two-loops" ? 3 : 2;
}
