// The files that r5 and r6 serve: which they never serve, and files that change meanwhile.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Unmet } from "../../../behaviours/client.ts";
import { get } from "../../../behaviours/http/behaviour.ts";
import { usageOf } from "../../../scripts/bench/usage.ts";
import { limitDescriptors, nextDescriptor, until } from "../servers.ts";
import {
  ask,
  dialTo,
  folderWith,
  ONE_LOOP,
  type Options,
  SUBJECTS,
  socketsOf,
  startStep,
} from "./server.ts";

/** More than the kernel buffers for a connection. */
const LARGE = Buffer.alloc(16 << 20, "0123456789abcdef\n");
const onPosix = describe.runIf(process.platform !== "win32");
const onLinux = describe.runIf(process.platform === "linux");

describe.each(ONE_LOOP)("$title", (subject) => {
  const start = (options: Options = {}) => startStep(subject, options);

  onPosix("where there are links and FIFOs", () => {
    test("no link leads out of the folder", async () => {
      const secrets = folderWith({ "secret.txt": "secret" });
      const root = folderWith({ "inside.txt": "inside" });
      symlinkSync(join(secrets, "secret.txt"), join(root, "file.txt"));
      symlinkSync(secrets, join(root, "folder"));
      symlinkSync("..", join(root, "up"));
      symlinkSync("folder/../inside.txt", join(root, "roundabout.txt"));
      symlinkSync("inside.txt", join(root, "alias.txt"));
      symlinkSync("loop.txt", join(root, "loop.txt"));
      const server = await start({ root });
      const name = secrets.slice(secrets.lastIndexOf("/") + 1);
      for (const target of [
        "/file.txt",
        "/folder/secret.txt",
        `/up/${name}/secret.txt`,
        "/folder/",
        "/loop.txt",
      ]) {
        const { status, body } = await ask(server, target);
        expect(status, target).toBe(404);
        expect(body.includes("secret"), target).toBe(false);
      }
      expect((await ask(server, "/alias.txt")).body.toString()).toBe("inside");
    });

    test("a folder that is itself a link is served", async () => {
      const real = folderWith({ "a.txt": "a" });
      const link = join(folderWith(), "link");
      symlinkSync(real, link);
      const server = await start({ root: link });
      expect((await ask(server, "/a.txt")).body.toString()).toBe("a");
    });

    test("a folder whose name has the same prefix is not served", async () => {
      const parent = folderWith();
      mkdirSync(join(parent, "public"));
      mkdirSync(join(parent, "public-not"));
      writeFileSync(join(parent, "public-not", "secret.txt"), "secret");
      symlinkSync("../public-not/secret.txt", join(parent, "public", "link.txt"));
      const server = await start({ root: join(parent, "public") });
      expect((await ask(server, "/link.txt")).status).toBe(404);
    });

    test("FIFOs, folders, devices and sockets are not served, and block no request", async () => {
      const root = folderWith({ "a.txt": "a" });
      mkdirSync(join(root, "folder"));
      writeFileSync(join(root, "folder", "index.html"), "only the root has an index");
      spawnSync("mkfifo", [join(root, "fifo")]);
      symlinkSync("/dev/zero", join(root, "zero"));
      const server = await start({ root, args: ["--workers", "1"] });
      for (const target of ["/fifo", "/folder", "/folder/", "/zero", "/"]) {
        expect((await ask(server, target)).status, target).toBe(404);
      }
      expect((await ask(server, "/a.txt")).status).toBe(200);
    });

    test.runIf(process.getuid?.() !== 0)(
      "a file that we may not read is 404",
      async () => {
        const root = folderWith({ "a.txt": "a" });
        chmodSync(join(root, "a.txt"), 0);
        const server = await start({ root });
        expect((await ask(server, "/a.txt")).status).toBe(404);
      },
    );
  });

  test("an empty file has length 0, and no range", async () => {
    const server = await start({ root: folderWith({ "empty.txt": "" }) });
    expect((await ask(server, "/empty.txt")).fields.get("content-length")).toBe("0");
    expect((await ask(server, "/empty.txt", "Range: bytes=0-")).status).toBe(416);
    expect((await ask(server, "/empty.txt", "Range: bytes=-5")).status).toBe(200);
  });

  test("the ETag changes with the content, however soon", async () => {
    const root = folderWith({ "a.txt": "one" });
    const server = await start({ root });
    const tags = new Set<string | undefined>();
    const { atime, mtime } = statSync(join(root, "a.txt"));
    for (const content of ["two", "six", "ten"]) {
      writeFileSync(join(root, "a.txt"), content);
      // The same size and modification time.
      utimesSync(join(root, "a.txt"), atime, mtime);
      const { fields, body } = await ask(server, "/a.txt");
      expect(body.toString()).toBe(content);
      tags.add(fields.get("etag"));
    }
    expect(tags.size).toBe(3);
  });

  test("a file that was replaced or removed is no longer served", async () => {
    const root = folderWith({ "a.txt": "one", "b.txt": "two" });
    const server = await start({ root });
    const file = join(root, "a.txt");
    for (let time = 0; time < 3; time += 1) {
      expect((await ask(server, "/a.txt")).body.toString()).toBe("one");
    }
    renameSync(join(root, "b.txt"), file);
    expect((await ask(server, "/a.txt")).body.toString()).toBe("two");
    unlinkSync(file);
    expect((await ask(server, "/a.txt")).status).toBe(404);
  });

  test("Last-Modified is never in the future", async () => {
    const root = folderWith({ "a.txt": "a" });
    const tomorrow = Date.now() / 1000 + 86400;
    utimesSync(join(root, "a.txt"), tomorrow, tomorrow);
    const { fields } = await ask(await start({ root }), "/a.txt");
    const modified = Date.parse(fields.get("last-modified") ?? "");
    expect(modified).toBeLessThanOrEqual(Date.parse(fields.get("date") ?? ""));
  });

  describe("while a large file is served", () => {
    async function asksForLarge() {
      const root = folderWith({ "large.bin": LARGE, "a.txt": "a" });
      // One worker: once it has answered another request, it has opened this file.
      const server = await start({ root, args: ["--workers", "1"] });
      const client = await dialTo(server);
      client.pause();
      await client.send(`${get("/large.bin")}${get("/a.txt")}`);
      return { server, client, file: join(root, "large.bin") };
    }

    test("other clients are served, and the file arrives complete", async () => {
      const { server, client } = await asksForLarge();
      expect((await ask(server, "/a.txt")).status).toBe(200);
      expect((await client.answer()).body.equals(LARGE)).toBe(true);
      expect((await client.answer()).body.toString()).toBe("a");
    });

    test("a file that grows is sent up to its Content-Length", async () => {
      const { server, client, file } = await asksForLarge();
      await ask(server, "/a.txt");
      appendFileSync(file, "more");
      expect((await client.answer()).body.equals(LARGE)).toBe(true);
      expect((await client.answer()).body.toString()).toBe("a");
    });

    test("a file that shrinks is sent in part, and nothing after it", async () => {
      const { server, client, file } = await asksForLarge();
      await ask(server, "/a.txt");
      truncateSync(file, 1 << 20);
      await expect(client.answer()).rejects.toThrow(Unmet);
      expect(client.rest().includes("HTTP/1.1")).toBe(false);
    });
  });

  onLinux("on Linux, where a process can be inspected,", () => {
    test("a slow reader of 100 MB costs no memory", async () => {
      const root = folderWith({ "large.bin": Buffer.alloc(100 << 20) });
      const server = await start({ root });
      await ask(server, "/large.bin", "Range: bytes=0-999999");
      const before = residentOf(server.process.pid);
      const clients = await Promise.all(Array.from({ length: 4 }, () => dialTo(server)));
      for (const client of clients) {
        client.pause();
        await client.send(get("/large.bin"));
      }
      let most = 0;
      for (const client of clients) {
        const answer = client.discards();
        const timer = setInterval(() => {
          most = Math.max(most, residentOf(server.process.pid));
        }, 20);
        expect(await answer).toBe(100 << 20);
        clearInterval(timer);
      }
      // 400 MB have passed through the server.
      expect(most - before).toBeLessThan(60 << 20);
    });

    test("answers 503 without a descriptor for the file, and recovers", async () => {
      const server = await start({ args: ["--workers", "1"] });
      const { pid } = server.process;
      const sockets = () => socketsOf(pid);
      const none = sockets();
      expect((await ask(server, "/poem.txt")).status).toBe(200);
      await until(() => sockets() === none);
      // The client gets the last descriptor. The poem may be open already.
      const before = limitDescriptors(pid, nextDescriptor(pid) + 1);
      expect((await ask(server, "/heart.svg")).status).toBe(503);
      limitDescriptors(pid, before);
      expect((await ask(server, "/heart.svg")).status).toBe(200);
    });

    test("sleeps without a descriptor for a client, and recovers", async () => {
      const server = await start();
      const { pid } = server.process;
      await ask(server, "/poem.txt");
      const before = limitDescriptors(pid, nextDescriptor(pid) + 10);
      const clients = await Promise.all(Array.from({ length: 20 }, () => dialTo(server)));
      const waiting = clients.map(async (client) => {
        await client.send(get("/hello/a", "Connection: close"));
        const { status } = await client.answer();
        client.close();
        return status;
      });
      expect(await Promise.all(waiting)).toEqual(clients.map(() => 200));
      limitDescriptors(pid, before);
      expect((await ask(server, "/poem.txt")).status).toBe(200);
    });

    test("has as many descriptors after 300 clients as before", async () => {
      const root = folderWith({ "large.bin": LARGE });
      const server = await start({ root });
      const open = () =>
        spawnSync("ls", [`/proc/${server.process.pid}/fd`]).stdout.length;
      await Promise.all([ask(server, "/a"), ask(server, "/b")]);
      const before = open();
      for (let time = 0; time < 100; time += 1) {
        await ask(server, "/nobody");
        for (const target of ["/large.bin", "/slow/60000/large.bin"]) {
          const client = await dialTo(server);
          client.pause();
          await client.send(get(target));
          client.resets();
        }
      }
      await until(async () => {
        await ask(server, "/nobody");
        return open() <= before;
      });
      expect(usageOf(server.process.pid).cpu).toBeGreaterThan(0);
    });
  });
});

/** What is reported of a thread that has opened one of these. */
const DEATHS = {
  die: /: it has ended with 3$/,
  drown: /: Error .*heap out of memory$/,
};

function residentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return 1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]);
}

describe.each(SUBJECTS)("$title", (subject) => {
  test("a file worker that dies costs its requests a 500, and is replaced", async () => {
    const root = folderWith({ "die.txt": "die", "drown.txt": "drown", "a.txt": "a" });
    const server = await startStep(subject, { root, preload: "r5/dying.mjs" });
    // With two threads, each has some of them.
    const all = Array.from({ length: 10 }, (_, at) => (at < 7 ? "die" : "drown"));
    for (const name of all) {
      expect((await ask(server, "/a.txt")).status).toBe(200);
      expect((await ask(server, `/${name}.txt`)).status).toBe(500);
    }
    expect((await ask(server, "/a.txt")).status).toBe(200);
    const lines = () => server.process.output().match(/^a file worker has died: .*$/gm);
    // The line may be printed after a later answer.
    await until(() => lines()?.length === all.length);
    expect(lines()).toEqual(all.map((name) => expect.stringMatching(DEATHS[name])));
    expect(server.process.output()).toMatch(/^listening on \S+$/m);
  });

  test("a file worker that cannot start costs a 503, and is tried again", async () => {
    const root = folderWith({ "die.txt": "die", "a.txt": "a", "b.txt": "b" });
    const server = await startStep(subject, { root, preload: "r5/no-threads.mjs" });
    const client = await dialTo(server);
    // The first worker dies, the second cannot start, and the third does. r6 keeps a open.
    const wanted = [
      ["a", 200],
      ["die", 500],
      ["b", 503],
      ["b", 200],
    ] as const;
    for (const [name, status] of wanted) {
      await client.send(get(`/${name}.txt`));
      expect((await client.answer()).status, name).toBe(status);
    }
    const line = "a file worker cannot start: Error: no thread left";
    await until(() => server.process.output().includes(line));
  });
});
