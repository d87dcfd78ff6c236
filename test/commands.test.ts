// The commands that a person types, run as they are typed.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, inject, onTestFinished, type TestContext, test } from "vitest";
import { startServer } from "../behaviours/server.ts";
import { REACTOR_STEPS, ROOT, STEPS } from "../behaviours/steps.ts";
import { typeScriptFlags } from "../scripts/install.mjs";
import { ALL, someOf } from "./requirements.ts";
import { Command, runCommand } from "./run.ts";

/** What starts a step, without tsx. */
const commandOf = (slug: string) => [
  process.execPath,
  join(inject("built"), slug, "server.js"),
];

/** Starts a step without a command, for one test. @returns its port. */
async function startStep(slug: string, { onTestFinished }: TestContext): Promise<string> {
  const { port, process } = await startServer({ command: commandOf(slug) });
  onTestFinished(async () => {
    process.kill("SIGKILL");
    await process.ended;
  });
  return `${port}`;
}

/** With any other code just would print "error: interrupted by SIGINT" after Ctrl-C. */
const INTERRUPTED = process.platform === "win32" ? 0 : 130;

/** What a mistake gets: a line that says so, and no stack trace. */
function expectMistake(ended: Awaited<ReturnType<typeof runCommand>>, message: RegExp) {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
}

test("every recipe has an npm script, and every command a recipe", () => {
  const justfile = readFileSync(join(ROOT, "justfile"), "utf8");
  const recipes = [...justfile.matchAll(/^([a-z][a-z-]*)(?: [^:=\n]*)?:(?!=)/gm)].map(
    ([, name]) => name,
  );
  // Newer attributes would keep out the just that systems bring: `default` needs 1.43.
  const attributes = [...justfile.matchAll(/^\[([a-z-]+)/gm)].map(([, name]) => name);
  expect([...new Set(attributes)].sort()).toEqual(["group", "no-cd", "no-exit-message"]);
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  // What a stranger types first runs what the README begins with.
  const { start, ...commands } = scripts as Record<string, string>;
  expect(start).toBe("node scripts/run.mjs example 1");
  expect(Object.keys(commands).sort()).toEqual(recipes.sort());
  for (const [name, command] of Object.entries(commands)) {
    expect(command).toBe(`node scripts/run.mjs ${name}`);
    expect(readdirSync(join(ROOT, "scripts/commands"))).toContain(`${name}.ts`);
  }
});

describe.concurrent("just list", () => {
  test("names every command with a line of help", async ({ expect }) => {
    const { stdout } = await runCommand(["list"]);
    for (const name of [
      "example",
      "diff",
      "telnet",
      "server",
      "check",
      "compare",
      "test",
      "why",
    ]) {
      expect(stdout).toMatch(new RegExp(`^ +${name} .*# .{10,}$`, "m"));
    }
  });

  test("is also what --help without a command shows", async ({ expect }) => {
    const { code, stdout, stderr } = await runCommand(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe((await runCommand(["list"])).stdout);
  });

  test("shows the commands of authors apart", async ({ expect }) => {
    const { stdout } = await runCommand(["list"]);
    const [readers = "", authors = ""] = stdout.split("\nFor those who change it:\n");
    for (const name of ["ok", "propagate", "tables"]) {
      expect(authors).toMatch(new RegExp(`^ +${name} `, "m"));
      expect(readers).not.toMatch(new RegExp(`^ +${name} `, "m"));
    }
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  const lists = [
    ["steps", "06-concurrent"],
    ["steps", "r3-epoll"],
    ["asides", "promise-race"],
    ["solutions", "06-2-limit"],
    ["rungs", "17a-no-delay"],
  ] as const;
  test.each(someOf(lists))("lists %s, such as %s", async (what, name) => {
    const { code, stdout } = await runCommand(["list", what]);
    expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    expect(code).toBe(0);
  });
});

describe.concurrent("a name that means nothing gets three lines at most", () => {
  const mistakes: readonly [words: string, message: RegExp][] = [
    ["exmaple 6", /there is no such command\nDid you mean example\?\nSee all: /],
    ["../cli", /there is no such command\nSee all: /],
    ["list sollutions", /Did you mean solutions\?\nSee all: .*list --help/],
    ["example kinda-caht", /no step "kinda-caht"\nDid you mean 07-kinda-chat\?\nSee all/],
    ["example promis-race", /Did you mean promise-race\?\nSee all: .*list steps/],
    ["example 0", /no step "0"; there are 1 to 18, r1 to r\d, and m1 to m\d\nSee all/],
    ["example 19", /no step "19"; there are 1 to 18, r1 to r\d, and m1 to m\d\nSee all/],
    ["example 6.9", /no 6.9; 06-concurrent has 6.1 \w+, 6.2 \w+, 6.3 \w+\nSee all/],
    ["example e", /could be 01-echo, .* or \d+ others\nSee all/],
    [
      "example --wath",
      /no such option\nDid you mean --watch\?\nSee all: .*example --help/,
    ],
    ["diff 6 concurent", /Did you mean 06-concurrent\?\nSee all/],
    ["simulate kinda-caht", /Did you mean 07-kinda-chat\?\nSee all/],
    ["simulate 18 --weather slwo", /no such weather\nDid you mean slow\?\nSee all/],
    ["example 6 --poller epoll", /with --poller: .* r4 and the later .*\nSee all/],
    ["example README.md", /^Cannot run README\.md: .* just check N --cmd "COMMAND"$/m],
    ["example promise-race --port 5", /^Cannot use --port with promise-race: /],
    ["simulate 18 --seed 7 --seeds 10", /^Cannot use --seeds with --seed/],
    ["attack 6 names", /^Cannot attack 06-concurrent: it has no rooms yet/],
    ["attack m2 names", /^Cannot attack m2-many: .* just faults m2/],
    ["attack 18 flood --for 5", /^Cannot use --for with flood: only .* soak/],
    ["compare 6 nosuch.ts", /^Cannot read nosuch\.ts: there is no such file/],
    ["simulate nosuch.ts 6", /^Cannot read nosuch\.ts: there is no such file/],
    ["compare mine.ts seven", /no step "seven"\nSee all/],
    ["test 19", /no step "19"; there are 1 to 18, r1 to r\d, and m1 to m\d\nSee all/],
    ["test naems", /Did you mean 09-names\?\nSee all/],
    [
      "bench nosuch",
      /no step, no file, and none of naive .* c-epoll\nSee all: .*bench --help/,
    ],
    ["bench nave", /Did you mean naive\?\nSee all/],
    ["bench 16 --load fan100-s10-w17x", /no such load\nDid you mean fan100-s10-w16/],
    ["docs bild", /there are build, check and update\nDid you mean build\?\nSee all/],
    ["docs build 08", /^Cannot build "08" alone: only update takes pages\n/],
    ["tables 6", /^Cannot use "6": it takes no names\n/],
    ["docs update 08-caht", /Did you mean 08-chat\?\nSee all/],
  ];
  test.each(someOf(mistakes))("just %s", async (words, message) => {
    const ended = await runCommand(words.split(" "));
    expectMistake(ended, message);
    expect(ended.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
  });
});

describe.concurrent("just example", () => {
  const linux = process.platform === "linux";
  // All others too, with `just test --all`: of those that differ in how they start, one each,
  // and 07 below.
  const some = ALL
    ? [...STEPS, ...REACTOR_STEPS.filter(({ speaks }) => linux && speaks !== "http")]
    : STEPS.filter(({ number }) => [1, 18].includes(number));
  test.each(some)("runs $slug, tells how to connect, ends quietly", async ({ slug }) => {
    const example = new Command(["example", slug, "--port", "0"]);
    const [, port] = await example.prints(/^connect from another.*just telnet (\d+)/m);
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
    const { code, stderr } = await example.end("SIGINT");
    expect(code).toBe(INTERRUPTED);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  const http = REACTOR_STEPS.filter(({ speaks }) => speaks === "http");
  test.skipIf(!linux).each(ALL ? http : http.slice(0, 1))(
    "runs $slug, which speaks HTTP, and tells how to ask it",
    async ({ slug }) => {
      const example = new Command(["example", slug, "--port", "0"]);
      const [, url = ""] = await example.prints(
        /^open (http:\/\/127.0.0.1:\d+\/) in a browser, or: curl \1; Ctrl-C/m,
      );
      expect((await fetch(url)).status).toBe(200);
      expect((await example.end("SIGINT")).code).toBe(INTERRUPTED);
    },
  );

  test("names the client for the whole screen from 09 on", async () => {
    const example = new Command(["example", "9", "--port", "0"]);
    await example.prints(/just telnet (\d+), or .*just chat \1; Ctrl-C ends this$/m);
    await example.end();
  });

  test("names the step by a part of its name", async () => {
    const example = new Command(["example", "kinda", "--port", "0"]);
    await example.prints(/^listening on 127.0.0.1:\d+$/m);
    expect((await example.end()).code).toBe(0);
  });

  test("lists those that a part of a name could mean", async () => {
    const ended = await runCommand(["example", "names"]);
    expectMistake(ended, /"names" could be 09-names or 11-free-names/);
    expect(ended.code).toBe(2);
  });

  test("says who has the port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const ended = await runCommand(["example", "6", "--port", `${port}`]);
    expectMistake(
      ended,
      new RegExp(`Cannot start 06-concurrent: port ${port} is taken by`),
    );
    if (process.platform === "linux") expect(ended.stderr).toContain(`${process.pid}`);
    expect(ended.stderr).toContain("--port 0");
    expect(ended.code).toBe(1);
    other.close();
  });

  test("refuses what is no port", async () => {
    const ended = await runCommand(["example", "6", "--port=x"]);
    expectMistake(ended, /Cannot use port/);
    expect(ended.code).toBe(2);
  });
});

test("just server exits with 130 after Ctrl-C, of which just prints nothing", async () => {
  const server = new Command(["server", "--port", "0"], { LOG_LEVEL: "silent" });
  const [, port] = await server.prints(/listening on 127.0.0.1:(\d+)/);
  // The step handles signals from before its first greeting.
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "data");
  socket.destroy();
  const { code, stdout, stderr } = await server.end("SIGINT");
  expect(code).toBe(INTERRUPTED);
  // How to join, and nothing about the end.
  expect(stderr).toMatch(/\bjust chat \d+\b.*\n$/s);
  expect(stderr).not.toMatch(/error|interrupt|SIGINT/i);
  expect(stdout).toMatch(/^listening on 127.0.0.1:\d+\n$/);
});

test("just server --help names the options of step 18", async () => {
  const ours = await runCommand(["server", "--help"]);
  const command = [
    ...typeScriptFlags(),
    join(ROOT, "examples/18-final/server.ts"),
    "--help",
  ];
  const step = spawnSync(process.execPath, command, { encoding: "utf8" });
  const namesIn = (help: string) =>
    [...help.matchAll(/^ +(?:-\w, )?--([\w-]+) /gm)].map(([, name]) => name).sort();
  expect(namesIn(step.stdout).length).toBeGreaterThan(10);
  expect(namesIn(ours.stdout)).toEqual(namesIn(step.stdout));
});

describe("just simulate", () => {
  test.each([
    ["bad.ts", /^Cannot simulate .*bad\.ts:2:11: Unexpected token$/m],
    ["chat.py", /^Cannot simulate .*: it must be TypeScript or .*\n.*just check 10 /],
  ])("refuses %s, and says why", async (name, message) => {
    const folder = mkdtempSync(join(tmpdir(), "simulate-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, name), "const a = 1;\nconst b = = 2;\n");
    const ended = await runCommand(["simulate", "10", join(folder, name)]);
    expectMistake(ended, message);
    expect(ended.code).toBe(2);
  });
});

describe.concurrent("just telnet", () => {
  test("sends what is typed, shows what comes, and waits for the last answer", async (context) => {
    const telnet = new Command(["telnet", await startStep("04-lines", context)]);
    telnet.types("hello\n");
    await telnet.prints(/^hello ❤️$/m);
    telnet.types("no end");
    telnet.typesEnd();
    await telnet.prints(/^no end ❤️$/m);
    expect((await telnet.ended).code).toBe(0);
  });

  test("dribbles byte by byte", async (context) => {
    // Each byte in a packet of its own: step 03 gives a heart to what it reads at once.
    const port = await startStep("03-modify", context);
    const telnet = new Command(["telnet", port, "--dribble"]);
    telnet.types("a line of many bytes\n");
    telnet.typesEnd();
    const { stdout } = await telnet.ended;
    // A server that is busy may find some together, but not all.
    expect(stdout.match(/❤️/g)?.length).toBeGreaterThan(2);
  });

  test("says that nothing listens there, and what to do", async () => {
    const ended = await runCommand(["telnet", "1"]);
    expectMistake(ended, /Cannot connect to 127.0.0.1:1: nothing listens there\nStart/);
    expect(ended.code).toBe(1);
  });

  test("refuses what is no address", async () => {
    const ended = await runCommand(["telnet", "here"]);
    expectMistake(ended, /Cannot use address/);
    expect(ended.code).toBe(2);
  });

  test("says that the connection was reset", async () => {
    const server = createServer((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const telnet = new Command(["telnet", `${port}`]);
    telnet.types("hello\n");
    const ended = await telnet.ended;
    expectMistake(ended, /Lost the connection: the server reset it/);
    expect(ended.code).toBe(1);
    server.close();
  });
});

test("a pipe that is closed early ends a command quietly", async () => {
  const { spawn } = await import("node:child_process");
  const args = [join(ROOT, "scripts/run.mjs"), "example", "--help"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  expect(await text(child.stderr)).toBe("");
});
