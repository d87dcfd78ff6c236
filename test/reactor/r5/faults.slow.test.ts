// Failing system calls under r5 and r6, where an error of a connection ends only that
// connection; and servers without descriptors, which ends none of them.
import { describe, expect, test } from "vitest";
import { Unmet } from "../../../behaviours/client.ts";
import { get } from "../../../behaviours/http/behaviour.ts";
import { nextDescriptor, until } from "../servers.ts";
import { ask, CALLING, dialTo, type Options, SUBJECTS, startStep } from "./server.ts";

/** The status of the answer; 0 when the connection ends without one. */
async function asks(server: Awaited<ReturnType<typeof startStep>>): Promise<number> {
  const client = await dialTo(server);
  await client.send(get("/hello/a", "Connection: close"));
  return client.answer().then(
    ({ status }) => status,
    (error: unknown) => {
      if (error instanceof Unmet) return 0;
      throw error;
    },
  );
}

describe.each(CALLING)("$title", (subject) => {
  const start = (options: Options = {}) => startStep(subject, options);

  const faulty = (FAULTS: string) => start({ preload: "faults.mjs", env: { FAULTS } });

  describe.runIf(process.platform === "linux")(
    "on Linux, whose system calls we know,",
    () => {
      test.each(["EHOSTDOWN", "ENOMEM", "ENOBUFS", "EIO"])("%s", async (code) => {
        for (const call of ["recv", "send"]) {
          const server = await faulty(`${call}:${code}:1 accept4:EPERM:2`);
          expect(await asks(server), call).toBe(0);
          expect(await asks(server), call).toBe(200);
        }
      });

      test("closes only the client that epoll_ctl cannot add", async () => {
        // Calls for the waker, the listener and Node's loop precede the first client's.
        const server = await faulty("epoll_ctl:ENOSPC:4");
        expect(await asks(server)).toBe(0);
        expect(await asks(server)).toBe(200);
      });

      test("accepts again after a shortage", async () => {
        const server = await faulty("accept4:ENFILE:2-3");
        expect(await asks(server)).toBe(200);
        expect(await asks(server)).toBe(200);
      });

      test.each([
        ["openSync", "EMFILE", 503],
        ["openSync", "ENFILE", 503],
        ["openSync", "EIO", 500],
        ["openSync", "EACCES", 404],
        ["fstatSync", "EIO", 500],
        ["readSync", "EIO", 500],
      ])("when %s fails with %s, answers %i", async (call, code, status) => {
        const server = await faulty(`${call}:${code}:1-`);
        expect((await ask(server, "/poem.txt")).status).toBe(status);
        expect((await ask(server, "/hello/a")).status).toBe(200);
      });
    },
  );
});

const R8 = { title: "r8", step: "r8-runtime", flags: [] };

describe.runIf(process.platform === "linux").each([...SUBJECTS, R8])(
  "$title, whose clients have all descriptors,",
  (subject) => {
    test.each([128, 256])("of %i, answers all requests for files", async (limit) => {
      const before = ["sh", "-c", `ulimit -n ${limit}; exec "$@"`, "-"];
      const server = await startStep(subject, { before });
      const clients = await Promise.all(
        Array.from({ length: limit + 10 }, () => dialTo(server)),
      );
      await until(() => nextDescriptor(server.process.pid) >= limit);
      const all = clients.map(async (client) => {
        await client.send(get("/style.css", "Connection: close"));
        const { status } = await client.answer();
        client.close();
        return status;
      });
      // Those that are accepted later find descriptors again.
      expect(new Set(await Promise.all(all))).toEqual(new Set([200, 503]));
      expect((await ask(server, "/poem.txt")).status).toBe(200);
      expect(server.process.output()).not.toContain("has died");
    });
  },
);
