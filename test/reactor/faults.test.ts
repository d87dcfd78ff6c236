// An error of one connection, or of one file, ends that and nothing else: under the servers
// calls of the kernel fail (faults.mjs).
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
/** Those that have nothing but epoll, or take it when they are not asked. */
const ON_EPOLL = [...SERVERS, ...HELLOS].filter(({ number, args }) => {
  return number > 2 && !args.some((word) => word === "poll" || word === "uring");
});
/** Of four processes each counts its calls for itself. */
const ONE_PROCESS = SERVERS.filter(({ title }) => title !== "r1-3-four");
const onLinux = describe.runIf(process.platform === "linux");

function faulty(subject: Subject, FAULTS: string) {
  return start(subject, { preload: "faults.mjs", env: { FAULTS } });
}

/** All of them with `--all`; else one, another for each server. */
function someCodes({ title }: Subject, codes: readonly string[]): readonly string[] {
  const at = [...STEPS, ...HELLOS].findIndex((one) => one.title === title);
  return ALL ? codes : codes.slice(at % codes.length).slice(0, 1);
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
  serves(
    "a file that cannot be opened is 503, 500 or 404",
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
    "a file that cannot be looked at is 500, and is closed",
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
    "of a file that cannot be read it sends the head, and closes",
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

  serves("whom the kernel cannot watch is closed alone", ON_EPOLL, async (subject) => {
    const { port } = await faulty(subject, `epoll_ctl:ENOSPC:${firstClient(subject)}`);
    expect(await asks(port, subject)).toBe(0);
    expect(await asks(port, subject)).toBe(200);
  });

  serves("for a short answer it asks for no room", ON_EPOLL, async (subject) => {
    const { port } = await faulty(
      subject,
      `epoll_ctl:ENOMEM:${firstClient(subject) + 1}-`,
    );
    expect(await asks(port, subject)).toBe(200);
  });

  const plain = ONE_PROCESS.filter(({ number }) => number < 4);
  serves("a connection that fails ends alone", plain, async (subject) => {
    const accept = subject.number < 3 ? "accept" : "accept4";
    for (const code of someCodes(subject, ["EPERM", "EHOSTDOWN", "ENOMEM"])) {
      const faults = `${accept}:${code}:2 read:${code}:1 write:${code}:1`;
      const { port } = await faulty(subject, faults);
      // One whose request cannot be read, one whose answer cannot be sent.
      expect(await asks(port, subject), code).toBe(0);
      expect(await asks(port, subject), code).toBe(0);
      expect(await asks(port, subject), code).toBe(200);
    }
  });

  const onLibrary = [...STEPS, ...HELLOS].filter(({ number }) => number > 3);
  serves("and with the library, whatever the error is", onLibrary, async (subject) => {
    const codes = ["EHOSTDOWN", "ENOMEM", "ENOBUFS", "EIO"];
    for (const code of someCodes(subject, codes)) {
      const accepts = "accept4:EPERM:2 accept4:EHOSTDOWN:3";
      const { port } = await faulty(subject, `recv:${code}:1 send:${code}:1 ${accepts}`);
      expect(await asks(port, subject), code).toBe(0);
      expect(await asks(port, subject), code).toBe(0);
      expect(await asks(port, subject), code).toBe(200);
    }
  });

  const accepting = [...SERVERS, ...HELLOS].filter(({ number }) => number > 2);
  serves(
    "after a shortage it accepts, however busy it is",
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

serves("the clock on the wall disconnects nobody", HELLOS, async (subject) => {
  const { port } = await start(subject, { preload: "clock.mjs" });
  const [ann, bob] = [await dial(port), await dial(port)];
  // While one speaks the server's turns go by, and the clock, for the other too.
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
  test("ends with its parent, and be it before its children have begun", async () => {
    const four = SOLUTIONS.find(({ title }) => title === "r1-3-four");
    if (!four) throw new Error("r1-3-four is missing");
    const { port, pid, output } = await start(four, { preload: "late.mjs" });
    await until(() => output().match(/a child waits/g)?.length === 4);
    process.kill(pid, "SIGKILL");
    // The port is theirs as long as one of them is there.
    await until(() => isRefused(port));
  });
});

/** Whether nobody listens there. */
async function isRefused(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  const refused = new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(false));
    socket.once("error", () => resolve(true));
  });
  return refused.finally(() => socket.destroy());
}

/** Which of its calls of epoll_ctl is that for its first client: before it, the listener's. */
function firstClient({ title }: Subject): number {
  // And Node's loop, whose guest it is.
  return title === "r4-3-two-loops" ? 3 : 2;
}
