// How r5 and r6 handle slow clients and clients that never end, and how they shut down. The
// deadlines are short here, and nothing depends on how short.
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { get, request } from "../../../behaviours/http/behaviour.ts";
import { until } from "../servers.ts";
import { ask, dialTo, folderWith, type Options, SUBJECTS, startStep } from "./server.ts";

const LARGE = Buffer.alloc(16 << 20, "0123456789abcdef\n");
/** More than a client's kernel takes at once, and less than the server's (`setUnsentLimit`). */
const SMALL = 256 << 10;

/** Sends bytes repeatedly. @returns A function that stops it. */
function drips(client: { send(text: string): Promise<void> }, text: string): () => void {
  const timer = setInterval(() => void client.send(text), 10);
  return () => clearInterval(timer);
}

describe.each(SUBJECTS)("$title", (subject) => {
  const start = (options: Options = {}) => startStep(subject, options);

  describe("a deadline", () => {
    test("for the head is not extended by a trickle of bytes", async () => {
      const server = await start({ args: ["--head-timeout", "200"] });
      const client = await dialTo(server);
      await client.send("GET / HTTP/1.1\r\nX: ");
      const stop = drips(client, "x");
      const { status, fields } = await client.answer();
      stop();
      expect(status).toBe(408);
      expect(fields.get("connection")).toBe("close");
      await client.ends();
    });

    test("for an idle connection closes it without an answer", async () => {
      const server = await start({ args: ["--idle-timeout", "100"] });
      await (await dialTo(server)).ends();
      const client = await dialTo(server);
      await client.send(get("/hello/a"));
      await client.answer();
      await client.ends();
      const empty = await dialTo(server);
      // Empty lines are not a request.
      const stop = drips(empty, "\r\n");
      await empty.ends();
      stop();
    });

    test("for a body is not extended by a trickle of bytes", async () => {
      const server = await start({ args: ["--body-timeout", "200"] });
      for (const field of ["Content-Length: 1000000", "Transfer-Encoding: chunked"]) {
        const client = await dialTo(server);
        await client.send(request("POST", "/", field));
        const stop = drips(client, field.startsWith("C") ? "x" : "1\r\nx\r\n");
        expect((await client.answer()).status).toBe(408);
        stop();
        await client.ends();
      }
    });

    test("ends the lingering of a client that never stops", async () => {
      const server = await start();
      const socket = connect({
        port: server.port,
        host: server.host,
        allowHalfOpen: true,
      });
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.on("error", () => {});
      socket.resume();
      socket.write("nonsense\r\n\r\n");
      const timer = setInterval(() => socket.write("more nonsense"), 10);
      await closed;
      clearInterval(timer);
    });
  });

  test("200 slow clients cost an active one nothing", async () => {
    const root = folderWith({ "large.bin": LARGE, "a.txt": "a" });
    const server = await start({ root });
    const slow = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const client = await dialTo(server);
        client.pause();
        if (at % 2 === 0) await client.send(get("/large.bin"));
        else await client.send("GET / HTTP/1.1\r\nX: ");
        return client;
      }),
    );
    const stop = slow.filter((_, at) => at % 2 === 1).map((client) => drips(client, "x"));
    const active = await dialTo(server);
    for (let time = 0; time < 50; time += 1) {
      await active.send(`${get("/hello/a")}${get("/a.txt")}`);
      expect((await active.answer()).status).toBe(200);
      expect((await active.answer()).status).toBe(200);
    }
    for (const end of stop) end();
  });

  test("a client that never stops sending does not starve the others", async () => {
    const server = await start();
    const greedy = connect({ port: server.port, host: server.host });
    greedy.on("error", () => {}).resume();
    const crowd = get("/hello/greedy").repeat(1000);
    const more = () => {
      while (greedy.write(crowd));
    };
    greedy.on("drain", more);
    more();
    for (let time = 0; time < 20; time += 1) {
      expect((await ask(server, "/hello/a")).status).toBe(200);
    }
    greedy.destroy();
  });

  describe.runIf(process.platform !== "win32")("Ctrl-C", () => {
    test("closes idle connections, and ends", async () => {
      const server = await start();
      const idle = await dialTo(server);
      await idle.send(get("/hello/a"));
      await idle.answer();
      server.process.kill("SIGINT");
      await idle.ends();
      expect(await server.process.ended).toBe(0);
    });

    test("answers requests in progress, and accepts no new ones", async () => {
      const server = await start();
      const client = await dialTo(server);
      const slow = get("/slow/300/poem.txt");
      await client.send(`${get("/hello/a")}${slow}${get("/hello/late")}`);
      // Once it answers, it has read the requests behind, too; on several threads, no other
      // client could tell.
      await client.answer();
      server.process.kill("SIGTERM");
      await until(async () => {
        const isGone = await dialTo(server).then(
          () => false,
          () => true,
        );
        return isGone;
      });
      const { status, fields } = await client.answer();
      expect(status).toBe(200);
      expect(fields.get("connection")).toBe("close");
      client.close();
      expect(await server.process.ended).toBe(0);
    });

    // A socket that is closed with unread input is reset, and what is in flight is lost.
    test("sends an answer to its end, though the client has asked for more", async () => {
      const root = folderWith({ "large.bin": LARGE.subarray(0, SMALL) });
      const server = await start({ root });
      const client = await dialTo(server);
      await client.send(`${get("/hello/a")}${get("/slow/300/large.bin")}`);
      await client.answer();
      await client.send(get("/hello/late"));
      client.pause();
      server.process.kill("SIGINT");
      expect(await server.process.ended).toBe(0);
      expect((await client.answer()).body.length).toBe(SMALL);
    });

    test("disconnects a client that does not read within the send timeout", async () => {
      const root = folderWith({ "large.bin": LARGE });
      const server = await start({ root, args: ["--send-timeout", "300"] });
      const client = await dialTo(server);
      client.pause();
      await client.send(get("/large.bin"));
      await ask(server, "/nobody");
      server.process.kill("SIGINT");
      expect(await server.process.ended).toBe(0);
    });

    test("a second signal ends it at once", async () => {
      const server = await start();
      const client = await dialTo(server);
      await client.send(`${get("/hello/a")}${get("/slow/600000/poem.txt")}`);
      await client.answer();
      const idle = await dialTo(server);
      server.process.kill("SIGINT");
      await idle.ends();
      server.process.kill("SIGINT");
      expect(await server.process.ended).toBe("SIGINT");
    });
  });

  test.each([
    [["--head-limit", "none"], /Cannot use --head-limit none/],
    [["--workers", "0"], /Cannot use --workers 0/],
    [["--poller", "magic"], /Cannot use the poller magic/],
    [["--magic"], /Unknown option '--magic'/],
  ])("fails with a one-line error for %j", async (args, message) => {
    await expect(start({ args })).rejects.toThrow(message);
  });

  test("fails with a one-line error for a missing folder", async () => {
    await expect(start({ root: "/nobody" })).rejects.toThrow(/Cannot serve \/nobody/);
  });
});
