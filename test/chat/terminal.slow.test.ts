// The client in a real terminal, as a person uses it.
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { commandNamed, needs } from "../requirements.ts";
import { runCommand } from "../run.ts";
import { Terminal } from "./tmux.ts";

const HAS_TMUX = needs(commandNamed("tmux", "-V"), "the chat in a terminal", "tmux");

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0).reverse()) end();
});

async function start(
  slug = "18-final",
  port = 0,
  flags: string[] = [],
): Promise<Required<Server>> {
  const server = await startServer({
    command: [process.execPath, join(inject("built"), slug, "server.js"), ...flags],
    env: { PORT: `${port}`, LOG_LEVEL: "silent" },
  });
  endings.push(() => server.process.kill("SIGKILL"));
  return server;
}

/** Somebody with a line client. */
async function arrive(port: number, name: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  endings.push(() => socket.destroy());
  await once(socket, "connect");
  socket.resume();
  socket.write(`/name ${name}\n`);
  return socket;
}

const PID_FILE = join(tmpdir(), `chat-test-${process.pid}.pid`);
afterAll(() => rmSync(PID_FILE, { force: true }));

/** A terminal in which the client has started. */
async function open(port: number, args = "", env: Record<string, string> = {}) {
  const terminal = new Terminal(env);
  endings.push(() => terminal.end());
  const chat = `exec '${process.execPath}' scripts/run.mjs chat ${port} ${args}`;
  terminal.says(
    `clear; echo BEFORE; sh -c "echo \\$\\$ > '${PID_FILE}'; ${chat}"; echo CODE=$?`,
  );
  await terminal.shows("connected");
  return terminal;
}

/** The terminal is as it was before. */
async function expectRestored(terminal: Terminal, code: number) {
  const screen = await terminal.shows(`CODE=${code}`);
  expect(screen).toMatch(/^BEFORE$/m);
  expect(terminal.ask("alternate_on")).toBe("0");
  expect(terminal.ask("cursor_flag")).toBe("1");
  expect(terminal.ask("wrap_flag")).toBe("1");
  terminal.says(
    "clear; stty -a | tr ' ;' '\\n\\n' | grep -E '^-?(icanon|echo|isig)$' | xargs",
  );
  await terminal.shows("isig icanon echo");
  // Nobody asks for the marks of a paste any more.
  terminal.says("clear; echo READY; cat -v");
  await terminal.shows(/^READY$/m);
  terminal.pastes("pasted", { bracketed: true });
  terminal.press("Enter");
  expect(await terminal.shows(/^pasted\npasted$/m)).not.toContain("200~");
}

describe.runIf(HAS_TMUX)("just chat", () => {
  test("greets, talks, goes to a room and renames", async () => {
    const { port } = await start();
    const terminal = await open(port, "--name ann");
    await terminal.shows("ann in main ── ");
    const screen = await terminal.shows("You joined main");
    expect(screen).toContain("    /users - lists users in current room");
    expect(screen).toContain("│ > main");

    const bob = await arrive(port, "bob");
    await terminal.shows(/│ {3}bob$/m);
    terminal.says("hello 👋 漢字");
    await terminal.shows("> ann: hello 👋 漢字");
    bob.write("family 👨‍👩‍👧 é 🇨🇭, evil \x1b[31mred\x1b[0m\x07\u202e!\n");
    await terminal.shows(/ {2}bob: family .* evil \[31mred\[0m!/);
    // However wide the terminal takes it for, what stands beside it is in its place.
    for (const row of terminal.screen().split("\n").slice(0, 22)) {
      expect(row).toContain("│");
    }

    terminal.says("/name cleo");
    await terminal.shows("cleo in main ── ");
    terminal.types("/jo");
    terminal.press("Tab");
    await terminal.shows(/^> \/join *$/m);
    terminal.says("attic");
    await terminal.shows("cleo in attic ── ");
    await terminal.shows(/│ > attic 1\n/);
    expect(terminal.screen()).not.toContain("Users - ");
    terminal.says("/users");
    await terminal.shows("Users - cleo");
  });

  test("completes names, and recalls what was sent", async () => {
    const { port } = await start();
    const terminal = await open(port, "--name ann");
    await arrive(port, "bea");
    await arrive(port, "bob");
    await terminal.shows(/bea\n.*bob/);
    terminal.types("b");
    terminal.press("Tab");
    await terminal.shows(/── \[bea\] bob ─[\s\S]*^> bea: *$/m);
    terminal.press("Tab");
    await terminal.shows(/^> bob: *$/m);
    terminal.says("hi");
    await terminal.shows("> ann: bob: hi");
    terminal.says("second");
    terminal.types("draft");
    terminal.press("Up", "Up");
    await terminal.shows(/^> bob: hi$/m);
    terminal.press("Down", "Down");
    await terminal.shows(/^> draft$/m);
    terminal.press("Home");
    terminal.types("a 👨‍👩‍👧");
    terminal.press("BSpace");
    terminal.press("C-e");
    await terminal.shows(/^> a draft$/m);
    terminal.press("C-w");
    terminal.types("end");
    await terminal.shows(/^> a end$/m);
    terminal.press("C-u");
    await terminal.shows(/^>\s*$/m);
  });

  test.each([true, false])(
    "sends pasted lines one by one (bracketed: %s)",
    async (bracketed) => {
      const { port } = await start();
      const terminal = await open(port, "--name ann");
      await terminal.shows("ann in main");
      const lines = Array.from({ length: 300 }, (_, n) => `line number ${n} 漢字`);
      terminal.pastes(`${lines.join("\n")}\n`, { bracketed });
      const screen = await terminal.shows("ann: line number 299 漢字");
      const numbers = [...screen.matchAll(/ann: line number (\d+)/g)].map(([, n]) =>
        Number(n),
      );
      expect(numbers).toEqual(Array.from({ length: 22 }, (_, n) => 278 + n));
      terminal.pastes("a\n/name zoe\nlast", { bracketed });
      if (!bracketed) terminal.press("Enter");
      await terminal.shows("zoe: last");
      terminal.pastes("x".repeat(401), { bracketed });
      terminal.press("Enter");
      await terminal.shows("Messages can only be 400 chars long");
    },
  );

  test("keeps its place in the talk, and counts what is unread", async () => {
    const { port } = await start();
    const terminal = await open(port, "--name ann");
    // Connected is not named: the news of the name would come below what bob says.
    await terminal.shows("ann in main");
    const bob = await arrive(port, "bob");
    bob.write(Array.from({ length: 100 }, (_, n) => `word ${n}\n`).join(""));
    await terminal.shows("word 99");
    terminal.press("PageUp");
    await terminal.shows(/word 57[\s\S]*word 78[\s\S]*scrolled/);
    bob.write("news\n");
    await terminal.shows("1 unread");
    expect(terminal.screen()).not.toContain("news");
    terminal.press("PageDown", "PageDown");
    expect(await terminal.shows("bob: news")).not.toContain("unread");
  });

  test("fits into any window", async () => {
    const { port } = await start();
    const terminal = await open(port, "--name ann");
    const bob = await arrive(port, "bob");
    bob.write(`a long line ${"of many words ".repeat(10)}fin\n`);
    await terminal.shows(/ fin +│/);
    terminal.types("typed");
    terminal.resize(40, 10);
    const small = await terminal.shows(
      / fin\n── ann in main ── connected ─+\n> typed\n$/,
    );
    expect(small).not.toContain("│");
    expect(small.split("\n")).toHaveLength(11);
    terminal.resize(30, 6);
    await terminal.shows("too small");
    terminal.resize(120, 30);
    await terminal.shows(
      /│ Rooms\n[\s\S]*── 127\.0\.0\.1:\d+ ── connected ─+\n> typed\n$/,
    );
    terminal.resize(80, 24);
    const normal = await terminal.shows(/ fin +│\n── ann in main .*─\n> typed\n$/);
    expect(
      normal
        .split("\n")
        .slice(0, 22)
        .every((row) => row.includes("│")),
    ).toBe(true);
  });

  test("comes back to a server that comes back: name, room and what was typed", async () => {
    const first = await start();
    const terminal = await open(first.port, "--name ann");
    await terminal.shows("ann in main");
    terminal.says("/join attic");
    await terminal.shows("ann in attic");
    first.process.kill("SIGKILL");
    await terminal.shows("Lost the connection");
    await terminal.shows(/reconnecting in \d+ s/);
    terminal.says("half a thought");
    await terminal.shows("not sent, no connection");
    await start("18-final", first.port);
    await terminal.shows(/Connected again[\s\S]*ann in attic ── .* connected/);
    await terminal.shows(/^> half a thought$/m);
    terminal.press("Enter");
    await terminal.shows("> ann: half a thought");
  });

  test("a flood of ten thousand messages does not hold up what is typed", async () => {
    const { port } = await start("18-final", 0, ["--rate", "0"]);
    const terminal = await open(port, "--name ann");
    const bob = await arrive(port, "bob");
    await terminal.shows(/│ {3}bob$/m);
    bob.write(Array.from({ length: 10_000 }, (_, n) => `flood ${n} 漢字 👋\n`).join(""));
    terminal.types("typed meanwhile");
    await terminal.shows(/^> typed meanwhile$/m);
    await terminal.shows("flood 9999");
  });

  test.each([
    ["Ctrl-C", (terminal: Terminal) => terminal.press("C-c")],
    ["Ctrl-D", (terminal: Terminal) => terminal.press("C-d")],
    ["/quit", (terminal: Terminal) => terminal.says("/quit")],
    [
      "SIGTERM",
      () => void process.kill(Number(readFileSync(PID_FILE, "utf8")), "SIGTERM"),
    ],
  ])("%s gives the terminal back", async (_, quit) => {
    const { port } = await start();
    const terminal = await open(port);
    await terminal.shows("in main");
    quit(terminal);
    await expectRestored(terminal, 0);
  });

  test("a bug gives the terminal back, and shows where it is", async () => {
    const { port } = await start();
    const bug = 'process.on("SIGUSR2",()=>{throw new Error("boom")})';
    const url = `data:text/javascript,${encodeURIComponent(bug)}`;
    const terminal = await open(port, "", { NODE_OPTIONS: `--import ${url}` });
    await terminal.shows("in main");
    process.kill(Number(readFileSync(PID_FILE, "utf8")), "SIGUSR2");
    expect(await terminal.shows("CODE=1")).toContain("Error: boom");
    await expectRestored(terminal, 1);
  });

  test("has colours, unless NO_COLOR is set", async () => {
    const { port } = await start();
    const bob = await arrive(port, "bob");
    for (const [env, colours] of [
      [{}, true],
      [{ NO_COLOR: "1" }, false],
      [{ NO_COLOR: "1", FORCE_COLOR: "3" }, false],
    ] as const) {
      const terminal = await open(port, "", env);
      await terminal.shows("in main");
      bob.write("hello\n");
      await terminal.shows("bob: hello");
      expect(terminal.screen({ escapes: true }).includes("\x1b")).toBe(colours);
    }
  });

  test("is a plain line client for a plain line server", async () => {
    const { port } = await start("06-concurrent");
    const terminal = await open(port);
    terminal.says("hello");
    await terminal.shows(/^> hello {2}/m);
    await terminal.shows(/^\* hello ❤️/m);
  });

  test("without a server it says so, and leaves the screen alone", async () => {
    const { port, process: server } = await start();
    server.kill("SIGKILL");
    await server.ended;
    const terminal = new Terminal();
    endings.push(() => terminal.end());
    terminal.says(
      `clear; '${process.execPath}' scripts/run.mjs chat ${port}; echo CODE=$?`,
    );
    const screen = await terminal.shows("CODE=1");
    expect(screen).toContain(
      `Cannot connect to 127.0.0.1:${port}: nothing listens there`,
    );
    expect(screen).toMatch(/Start a server with: .*\bserver\b/);
  });
});

test.each([
  [[], /^Cannot open the chat: this is not a terminal; use just telnet$/m],
  [["nowhere"], /^Cannot use address "nowhere"/],
  [["1", "2"], /^Cannot connect twice/],
  [["--name", "a b"], /^Cannot ask for the name "a b": it must be one word/],
  [["--nope"], /^Cannot understand --nope: there is no such option/],
])("refuses %j", async (args, message) => {
  const { code, stdout, stderr } = await runCommand(["chat", ...args]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("says how it is used", async () => {
  const { code, stdout } = await runCommand(["chat", "--help"]);
  expect(stdout).toMatch(/^just chat \[ADDRESS\]/);
  expect(code).toBe(0);
});
