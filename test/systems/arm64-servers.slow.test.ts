// The servers of the reactor chapter on arm64, by qemu-user: what a client sees of them. What
// they do in detail is tested on this machine's own architecture: here the layouts are at stake.
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { EXAMPLES } from "../../behaviours/steps.ts";
import { buildPrograms } from "../reactor/conformance/build.ts";
import { ask, dial, readAnswer, requestOf } from "../reactor/wire.ts";
import { needs } from "../requirements.ts";
import { type Arm64, findQemu, openArm64 } from "./arm64.ts";

/** Milliseconds: emulated, a second's work takes ten. */
const PATIENCE = 120_000;
/** After so many a server answers nothing. */
const DEAF = 30_000;
const POEM = readFileSync(join(EXAMPLES, "shared/public/poem.txt"));
/** More than the kernel keeps of a connection: some megabytes. */
const LARGE = Buffer.alloc(24 << 20, "0123456789abcdef\n");
const SERVERS = [
  { title: "r3-epoll", program: "r3-epoll/server", args: [] },
  { title: "r4-poll with epoll", program: "r4-poll/server", args: ["--poller", "epoll"] },
  { title: "r4-poll with poll", program: "r4-poll/server", args: ["--poller", "poll"] },
];
const HELLOS = ["epoll", "poll"];

const qemu = findQemu();
const here = needs(qemu, "r3 and r4 on arm64", "qemu-user, or no arm64 C library");
let arm64: Arm64;
beforeAll(async () => {
  if (qemu === undefined) return;
  arm64 = await openArm64(qemu);
  const programs = ["r3-epoll/server", "r4-poll/server", "r4-poll/hello"];
  buildPrograms(
    programs.map((program) => `examples/${program}.ts`),
    arm64.folder,
  );
  const files = join(arm64.folder, "examples/shared/public");
  cpSync(join(EXAMPLES, "shared/public"), files, { recursive: true });
  writeFileSync(join(files, "large.bin"), LARGE);
}, PATIENCE);
afterAll(() => arm64?.close());

/** A server for all tests of a group: none of them may end it. */
function serverOf(program: string, args: readonly string[]): () => number {
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  beforeAll(async () => {
    const file = join(arm64.folder, `examples/${program}.js`);
    const command = [...arm64.command, file, ...args];
    server = await startServer({ command, patience: PATIENCE });
    // If it is deaf, all tests would wait for their whole time.
    const socket = await dial(server.port);
    const end = once(socket.resume(), "close", { signal: AbortSignal.timeout(DEAF) });
    socket.end("hello\r\n\r\n");
    await end;
  }, PATIENCE);
  afterAll(async () => {
    server?.process.kill("SIGKILL");
    await server?.process.ended;
  });
  return () => server?.port ?? 0;
}

for (const { title, program, args } of SERVERS)
  describe.runIf(here)(`${title} on arm64`, () => {
    const port = serverOf(program, args);

    test("serves a file with its length and type", async () => {
      const { status, head, body } = await ask(port(), requestOf("/poem.txt"));
      expect(status).toBe(200);
      expect(body.equals(POEM)).toBe(true);
      expect(head).toContain(`Content-Length: ${POEM.length}`);
      expect(head).toContain("Content-Type: text/plain; charset=utf-8");
    });

    test("answers HEAD without the body", async () => {
      const { head, body } = await ask(port(), requestOf("/poem.txt", "HEAD"));
      expect(head).toContain(`Content-Length: ${POEM.length}`);
      expect(body.length).toBe(0);
    });

    test.each([
      [404, "/nobody", "GET"],
      [404, "/.", "GET"],
      [404, "/../server.js", "GET"],
      [405, "/poem.txt", "POST"],
    ])("says %i to %s by %s", async (status, target, method) => {
      expect((await ask(port(), requestOf(target, method))).status).toBe(status);
    });

    test("reads a request that arrives byte by byte", async () => {
      const { body } = await ask(port(), ...requestOf("/poem.txt"));
      expect(body.equals(POEM)).toBe(true);
    });

    test(
      "sends a large file to a slow reader completely, and serves other clients meanwhile",
      async () => {
        const slow = await dial(port());
        slow.pause();
        slow.write(requestOf("/large.bin"));
        // Until nothing more finds room: the server has been told to wait.
        await once(slow, "readable");
        expect((await ask(port(), requestOf("/poem.txt"))).body.equals(POEM)).toBe(true);
        const { status, body } = await readAnswer(slow);
        expect(status).toBe(200);
        expect(body.equals(LARGE)).toBe(true);
      },
      PATIENCE,
    );

    test("survives clients that reset in the middle", async () => {
      for (const said of ["", "GET /po", requestOf("/large.bin")]) {
        const socket = await dial(port());
        if (said !== "") socket.write(said);
        if (said.includes("large")) await once(socket, "data");
        socket.resetAndDestroy();
        await once(socket, "close");
      }
      expect((await ask(port(), requestOf("/poem.txt"))).status).toBe(200);
    });

    test("serves one among 300 who say nothing", async () => {
      const idle: Socket[] = [];
      while (idle.length < 300) idle.push(await dial(port()));
      expect((await ask(port(), requestOf("/poem.txt"))).body.equals(POEM)).toBe(true);
      for (const socket of idle) socket.resetAndDestroy();
    });
  });

describe.runIf(here).each(HELLOS)("r4's hello with %s on arm64", (poller) => {
  const port = serverOf("r4-poll/hello", ["--poller", poller]);
  const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  test("answers a hundred requests of one packet, and many clients at once", async () => {
    const answers = Array.from({ length: 20 }, async () => {
      const socket = await dial(port());
      const answer = readAnswer(socket);
      socket.end(GET.repeat(100));
      const { head, body } = await answer;
      return `${head}\r\n\r\n${body.toString("latin1")}`;
    });
    for (const text of await Promise.all(answers)) {
      expect(text.split("HTTP/1.1 200 OK\r\n").length).toBe(101);
      expect(text.split("Hello, world!\n").length).toBe(101);
    }
  });
});
