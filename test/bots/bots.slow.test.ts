// just bots, as it is typed.
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { Command, type Ended, runCommand } from "../run.ts";

async function start(slug: string) {
  const command = [process.execPath, join(inject("built"), slug, "server.js")];
  const server = await startServer({ command, env: { LOG_LEVEL: "silent" } });
  return { ...server, end: () => end(server.process) };
}

async function end(process: Awaited<ReturnType<typeof startServer>>["process"]) {
  process.kill("SIGKILL");
  await process.ended;
}

/** The counts at the end, by their names. */
function totalsOf({ stdout }: Ended) {
  const rows = [...stdout.matchAll(/^([a-z ]+?) +([\d,]+)(?: {2}(.*))?$/gm)];
  const count = (name: string) => {
    const row = rows.find(([, found]) => found === name);
    if (row === undefined) throw new Error(`no "${name}" in:\n${stdout}`);
    return Number(row[2]?.replaceAll(",", ""));
  };
  return {
    connected: count("connected"),
    lost: count("lost"),
    sent: count("sent"),
    echoed: count("echoed"),
    received: count("received"),
    dropped: count("dropped"),
    moves: count("room changes"),
    bytes: count("bytes received"),
  };
}

/** Somebody in a room who counts what the others say there. */
class Observer {
  said = 0;
  #onLine = () => {};
  readonly #socket;

  constructor(port: number) {
    this.#socket = connect({ host: "127.0.0.1", port });
    createInterface({ input: this.#socket }).on("line", (line) => {
      if (/^\S+: /.test(line)) this.said += 1;
      this.#onLine();
    });
  }

  /** Waits until it has heard so many. */
  hears(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onLine = () => {
        if (this.said >= count) resolve();
      };
      this.#onLine();
    });
  }

  /** Goes to a room and waits until it is there. */
  async joins(room: string): Promise<this> {
    const lines = createInterface({ input: this.#socket });
    this.#socket.write(`/join ${room}\n/users\n`);
    for await (const line of lines) if (line.startsWith("Users - ")) break;
    return this;
  }

  /** Quits, and waits for what is still on its way. */
  async ends(): Promise<number> {
    this.#socket.end("/quit\n");
    if (!this.#socket.closed) await once(this.#socket, "close");
    return this.said;
  }
}

const short = ["--bots", "12", "--for", "2", "--rate", "50"];

describe.concurrent("just bots", () => {
  test.each(["09-names", "12-main-room"])(
    "counts right where all are in one room: %s",
    async (slug) => {
      const server = await start(slug);
      const ended = await runCommand(["bots", `${server.port}`, ...short]);
      expect(ended).toMatchObject({ code: 0 });
      const { sent, echoed, received, ...others } = totalsOf(ended);
      expect(sent).toBeGreaterThan(0);
      expect(echoed).toBe(sent);
      expect(received).toBe(12 * sent);
      expect(others).toMatchObject({ connected: 12, lost: 0, dropped: 0, moves: 0 });
      expect(ended.stdout).toMatch(/^echoed .* all came back$/m);
      expect(ended.stderr).toBe("");
      await server.end();
    },
  );

  test.each(
    ["16-users", "17-performance", "18-final"].flatMap((slug) => [
      { slug, bots: 12 },
      { slug, bots: 2 },
    ]),
  )("counts right where one of $bots travels: $slug", async ({ slug, bots }) => {
    const server = await start(slug);
    const rooms = ["kitchen", "attic", "garden", "harbour"];
    const main = new Observer(server.port);
    const elsewhere = await Promise.all(
      rooms.map((room) => new Observer(server.port).joins(room)),
    );
    const options = [`--bots=${bots}`, "--for=2", "--rate=50"];
    const ended = await runCommand(["bots", `${server.port}`, ...options]);
    expect(ended).toMatchObject({ code: 0 });
    const { sent, echoed, received, moves, ...others } = totalsOf(ended);
    expect(echoed).toBe(sent);
    expect(others).toMatchObject({ connected: bots, lost: 0, dropped: 0 });
    // Of two, every second sentence is the traveller's: surely it went somewhere. Of
    // twelve, it has one of forty-two.
    if (bots === 2) expect(moves).toBeGreaterThan(0);
    const inMain = await main.ends();
    let all = inMain;
    for (const observer of elsewhere) all += await observer.ends();
    expect(all).toBe(sent);
    // The others stay in main. The traveller hears each message once, or was elsewhere.
    const staying = (bots - 1) * inMain;
    expect(received).toBeGreaterThanOrEqual(staying + (sent - inMain));
    expect(received).toBeLessThanOrEqual(staying + sent);
    await server.end();
  });

  test("may be one bot", async () => {
    const server = await start("18-final");
    const one = ["--bots", "1", "--for", "0.5", "--rate", "100", "--quiet"];
    const ended = await runCommand(["bots", `127.0.0.1:${server.port}`, ...one]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const { connected, sent, echoed, received } = totalsOf(ended);
    expect([connected, echoed, received]).toEqual([1, sent, sent]);
    await server.end();
  });

  test("prints the totals after Ctrl-C", async () => {
    const server = await start("18-final");
    const bots = new Command(["bots", `${server.port}`, "--bots", "12", "--rate", "100"]);
    await new Observer(server.port).hears(20);
    const ended = await bots.end("SIGINT");
    if (process.platform !== "win32") {
      expect(ended).toMatchObject({ code: 130, stderr: "" });
      const { sent, echoed, lost } = totalsOf(ended);
      expect(sent).toBeGreaterThanOrEqual(20);
      expect(echoed).toBe(sent);
      expect(lost).toBe(0);
    }
    await server.end();
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "prints the totals when the server goes away by %s",
    async (signal) => {
      const server = await start("18-final");
      const bots = new Command(["bots", `${server.port}`, "--bots=12", "--rate=100"]);
      await new Observer(server.port).hears(20);
      server.process.kill(signal);
      const ended = await bots.ended;
      expect(ended.code).toBe(1);
      expect(ended.stderr).toBe(
        `Cannot go on with 127.0.0.1:${server.port}: it ended the connections of all 12 bots\n`,
      );
      const { connected, lost, sent, received } = totalsOf(ended);
      expect([connected, lost]).toEqual([12, 12]);
      expect(sent).toBeGreaterThanOrEqual(20);
      expect(received).toBeGreaterThan(0);
      await server.process.ended;
    },
  );

  test("says that nothing listens there, and what to do", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, "close");
    const ended = await runCommand(["bots", `${port}`]);
    expect(ended).toEqual({
      code: 1,
      stdout: "",
      stderr:
        `Cannot connect to 127.0.0.1:${port}: nothing listens there\n` +
        "Start a chat server with: just example 18\n",
    });
  });

  test("says to check an address elsewhere", async () => {
    // Too long for a name: no other machine is asked for it.
    const host = `${"x".repeat(64)}.invalid`;
    const { code, stderr } = await runCommand(["bots", `${host}:80`]);
    expect(stderr).toMatch(/^Cannot connect to x+\.invalid:80: .*\nCheck the address\n$/);
    expect(code).toBe(1);
  });

  test.each(["01-echo", "04-lines", "06-concurrent", "08-chat"])(
    "says that %s gives no names",
    async (slug) => {
      const server = await start(slug);
      const ended = await runCommand(["bots", `${server.port}`, "--quiet"]);
      expect(ended.stderr).toContain(
        `Cannot chat with 127.0.0.1:${server.port}: it gives no names, as steps from 09 on do`,
      );
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      await server.end();
    },
  );

  test("says that a web server is no chat", async () => {
    const server = createHttpServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const ended = await runCommand(["bots", `${port}`, "--quiet"]);
    expect(ended.stderr).toMatch(/^Cannot chat with .*"You are NAME".*\n.*\n$/);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    server.close();
  });

  test.each([
    [["here"], /Cannot use address "here"/],
    [["1.2.3.4:99999"], /Cannot use address/],
    [["1", "2"], /Cannot fill two servers/],
    [["--bots", "0"], /Cannot make "0" bots: it must be a whole number from 1/],
    [["--bots", "1.5"], /Cannot make "1.5" bots/],
    [["--bots="], /Cannot make "" bots/],
    [["--bots=-3"], /Cannot make "-3" bots/],
    [["--bots=1e9"], /Cannot make "1e9" bots/],
    [["--rate", "0"], /Cannot talk at a rate of "0": it must be a number more than 0/],
    [["--rate", "fast"], /Cannot talk at a rate of "fast"/],
    [["--for", "0"], /Cannot talk for "0"/],
    [["--for=-1"], /Cannot talk for "-1"/],
    [["--for", "99999999"], /Cannot talk for "99999999"/],
    [["--loud"], /--loud/],
    [["--bots"], /--bots/],
  ])("refuses %j", async (args, message) => {
    const ended = await runCommand(["bots", ...args]);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
  });
});

test("the bots say goodbye when nobody reads their output", async () => {
  const { spawn } = await import("node:child_process");
  const server = await start("18-final");
  onTestFinished(server.end);
  const args = ["scripts/run.mjs", "bots", `${server.port}`, "--for", "1"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const [code] = await once(child, "close");
  expect(code).toBe(0);
});
