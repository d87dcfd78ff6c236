// just check, as it is typed: what it says of a server, and what to do next.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Server } from "../../behaviours/server.ts";
import { behavioursOf } from "../../behaviours/table.ts";
import { World } from "../../behaviours/world.ts";
import { ALL, someOf } from "../requirements.ts";
import { Command, runCommand } from "../run.ts";
import { hangsUp, mute, serving, strange } from "./bad-servers.ts";

/** Each starts a command that starts servers: of what is much alike, `just test` holds one. */
const ifAll = test.runIf(ALL);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = (slug: string) => join(inject("built"), slug, "server.js");

/** A server of step 05 that does something else with a line; `listen` gives it its port. */
function write(name: string, answer: string, listen = "process.env.PORT"): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `import { createServer } from "node:net";
    import { createInterface } from "node:readline";
    const HELP = "Server commands\\n  /help - prints this message\\n  /quit - quits server\\n";
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.write(HELP);
      socket.on("error", () => {});
      const lines = createInterface({ input: socket });
      lines.on("line", (line) => { ${answer} });
      lines.on("close", () => socket.end());
    }).listen(${listen}, "127.0.0.1", function () {
      console.log("listening on 127.0.0.1:" + this.address().port);
    });`,
  );
  return file;
}

/** Far more than anything takes: only what fails waits so long. In seconds. */
const PATIENT = ["--patience", "20"];

const linesOf = (text: string) => text.trimEnd().split("\n");
const count = (text: string, part: string) => text.split(part).length - 1;
const virtues = (number: number) =>
  behavioursOf(number).filter(({ defect, hostile }) => !defect && !hostile);
const defects = (number: number) => behavioursOf(number).filter(({ defect }) => defect);

describe("a server that is none", () => {
  test.each(someOf(["r5", "6"]))("as step %s: nothing listens there", async (step) => {
    // Nobody listens at port 1 of this machine.
    const ended = await runCommand(["check", step, "--addr", "127.0.0.1:1"]);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(
      /^Nothing listens on 127\.0\.0\.1 port 1\. Start .*--cmd/,
    );
    expect(linesOf(ended.stderr).length).toBe(1);
    expect(ended.code).toBe(1);
  });

  const none = [
    [6, mute, "nothing within", ["--patience", "0.3"]],
    [2, mute, "nothing within", ["--patience", "0.3"]],
    [6, strange, 'got       "Welcome!"', PATIENT],
    [18, strange, 'got       "Welcome!"', PATIENT],
  ] as const;
  test.each(someOf(none))(
    "as step %i: one failure, and no praise",
    async (number, serve, got, patience) => {
      const { code, stdout } = await serving(serve, ({ port }) =>
        runCommand(["check", `${number}`, "--addr", `${port}`, ...patience]),
      );
      expect(linesOf(stdout).length).toBeLessThanOrEqual(25);
      expect(count(stdout, "behaviours.html#")).toBe(1);
      expect(stdout).toContain(got);
      expect(stdout).toMatch(
        new RegExp(`^0 of ${virtues(number).length} hold; the rest`, "m"),
      );
      for (const { title } of defects(number)) expect(stdout).not.toContain(title);
      expect(stdout).not.toContain("✓");
      expect(code).toBe(1);
    },
  );

  ifAll("a half line is shown: its line end is missing", async ({ expect }) => {
    const { stdout } = await serving(
      (socket) => socket.resume().write("Server commands"),
      ({ port }) => runCommand(["check", "6", "--addr", `${port}`, "--patience", "4"]),
    );
    expect(stdout).toContain('after "Server commands", which has no line end');
  });
});

describe("a server that is that step", () => {
  test("all hold, and on to the next", async ({ expect }) => {
    const { code, stdout } = await runCommand([
      "check",
      "3",
      step("03-modify"),
      ...PATIENT,
    ]);
    expect(stdout).toMatch(
      new RegExp(`^All ${virtues(3).length} hold: on to step 4, `, "m"),
    );
    expect(stdout).toContain("docs/04-lines.md");
    expect(stdout).not.toContain("✗");
    for (const { title, to } of defects(3)) {
      expect(stdout).toContain(
        `! still has this defect: ${title}; step ${to + 1} fixes it`,
      );
      expect(stdout).not.toContain(`✓ ${title}`);
    }
    expect(code).toBe(0);
  });

  ifAll("one that runs: what ends a server is not run", async ({ expect }) => {
    const server = new Command(["server", "--port", "0", "--rate", "0"], {
      LOG_LEVEL: "silent",
    });
    const [, port] = await server.prints(/listening on 127.0.0.1:(\d+)/);
    const { code, stdout } = await runCommand([
      "check",
      "18",
      "--addr",
      `${port}`,
      ...PATIENT,
    ]);
    const slow = behavioursOf(18).filter(({ hostile }) => hostile).length;
    const own = virtues(18).filter(({ own }) => own).length;
    const held = virtues(18).length - own;
    expect(stdout).toMatch(new RegExp(`^All ${held} hold, ${own} not run`, "m"));
    expect(stdout).toMatch(
      new RegExp(
        `^${slow} more are slow or heavy: .*check 18 --addr ${port} --hostile$`,
        "m",
      ),
    );
    expect(code).toBe(0);
    await server.end();
  });
});

test("on a server that was running, strangers may come and go", async ({ expect }) => {
  const greet = (socket: Socket) => {
    socket.write("You are BraveOtter\nBraveOtter joined main\n");
    socket.write("ShyOwl left main\nZoe joined main\n");
  };
  await serving(greet, async ({ process, ...running }) => {
    const joins = async (server: Server) => {
      const world = new World({ server, step: 12, patience: 5000 });
      world.names.push("Zoe");
      const ann = await world.join("ann");
      return ann.sees("Zoe joined main").finally(() => world.close());
    };
    expect(await joins(running)).toBe("Zoe joined main");
    await expect(joins({ ...running, process })).rejects.toThrow(
      'got "ShyOwl left main"',
    );
  });
});

describe("a server that falls short", () => {
  test("the first is shown whole, with the page and its anchor", async ({ expect }) => {
    const { code, stdout } = await runCommand([
      "check",
      "4",
      step("03-modify"),
      "--patience",
      "1",
    ]);
    const first = behavioursOf(4).find(({ from }) => from === 4);
    expect(stdout).toContain(`✗ ${first?.title}\n`);
    expect(stdout).toContain("ann → this is the best day ever!");
    expect(stdout).toContain('expected  ann to see "this is the best day ever! ❤️"');
    expect(stdout).toContain('got       "this is the best ❤️"');
    expect(stdout).toContain("docs/04-lines.md");
    expect(stdout).toContain(`behaviours.html#${first?.id}`);
    // Of every other reason, one is shown in brief.
    expect(count(stdout, "behaviours.html#")).toBe(1);
    for (const part of ["expected  ", "got       ", "read      "])
      expect(count(stdout, part)).toBe(count(stdout, "✗"));
    expect(stdout).toMatch(/^\d+ of \d+ hold, all of 01 to 03$/m);
    expect(code).toBe(1);
  });

  test.each(
    someOf([
      ["12", "11-free-names", "docs/12-main-room.md"],
      ["17", "16-users", "docs/17-performance.md"],
    ] as const),
  )("%s greets in another way: %s", async (number, before, page) => {
    const words = ["check", number, step(before), "--first", "--patience", "1"];
    const { stdout } = await runCommand(words);
    expect(stdout).toContain(`read      ${page}`);
  });

  ifAll("one reason is told once, with the server's own error", async ({ expect }) => {
    const file = write("crash.mjs", `line.nothing.at();`);
    const { stdout } = await runCommand(["check", "5", file, ...PATIENT]);
    expect(count(stdout, "TypeError: Cannot read properties of undefined")).toBe(1);
    expect(stdout).toMatch(/^ {14}at .*crash\.mjs:\d+:\d+$/m);
    expect(stdout).toMatch(/^ {4}the same reason (once|\d+ times) more: \w/m);
  });

  ifAll("--first stops there", async ({ expect }) => {
    const file = write("parrot.mjs", `socket.write("what?\\n");`);
    const all = await runCommand(["check", "5", file, ...PATIENT]);
    expect(count(all.stdout, "✗")).toBeGreaterThan(1);
    // It may be a solution of an exercise, which is checked by another command.
    expect(all.stdout).toMatch(/check 5\.1 \S*parrot\.mjs/);
    const { code, stdout } = await runCommand([
      "check",
      "5",
      file,
      "--first",
      ...PATIENT,
    ]);
    expect(count(stdout, "✗")).toBe(1);
    expect(stdout).toMatch(/hold; \d+ not run$/m);
    expect(code).toBe(1);
  });

  test("--only checks those with these words in their titles", async ({ expect }) => {
    const check = (...words: string[]) => runCommand(["check", ...words, ...PATIENT]);
    const file = step("03-modify");
    const all = virtues(4).filter(({ title }) => /a line/i.test(title));
    expect(all.length).toBeGreaterThan(1);
    const four = await check("4", file, "--only", "A line");
    expect(four.stdout).toMatch(new RegExp(`^\\d of ${all.length} hold$`, "m"));
    expect(four.stdout).toMatch(/check 4 \S+server\.js --only "A line" --watch$/m);
    expect(four.stdout).not.toContain("--first");
    expect(four.code).toBe(1);
    const three = await check("3", file, "-o", virtues(3)[0]?.title ?? "");
    expect(three.stdout).toMatch(/^All 1 hold; all of them:\s.*check 3 \S+server\.js$/m);
    expect(three.code).toBe(0);
  });

  ifAll("a server that ends for good is not asked again", async ({ expect }) => {
    const server = new Command(["example", "5", "--port", "0"]);
    const [, port] = await server.prints(/listening on 127.0.0.1:(\d+)/);
    // As step 6 nobody may end it by a reset, and step 5 ends.
    const { code, stdout } = await runCommand([
      "check",
      "6",
      "--addr",
      `${port}`,
      "--patience",
      "0.5",
    ]);
    expect(stdout).toMatch(/^✗ The server ended after this: \w/m);
    expect(stdout).not.toContain("ECONNREFUSED");
    expect(code).toBe(1);
    await server.ended;
  });
});

describe("a server of HTTP that falls short", () => {
  test("one that ends for good is not asked again", async ({ expect }) => {
    const listener = createServer((socket) => {
      listener.close();
      socket.on("error", () => {}).once("data", () => socket.destroy());
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const { code, stdout } = await runCommand([
      "check",
      "r5",
      "--addr",
      `${port}`,
      ...PATIENT,
    ]);
    expect(stdout).toMatch(/^✗ The server ended after this: serves a request$/m);
    expect(stdout).toMatch(/^0 of \d+ hold; \d+ not run$/m);
    expect(stdout).toContain("read      RFC 9112, section 3");
    expect(stdout).not.toContain("ECONNREFUSED");
    expect(linesOf(stdout).length).toBeLessThan(25);
    expect(code).toBe(1);
  });

  ifAll("the first is shown whole, the others by their reason", async ({ expect }) => {
    const { code, stdout } = await serving(hangsUp, ({ port }) =>
      runCommand(["check", "r5", "--addr", `${port}`, ...PATIENT]),
    );
    expect(stdout).toMatch(/^ {4}the same reason \d+ times more: \w/m);
    expect(stdout).toMatch(/^\d+ of \d+ hold, \d+ of \d+ refusals$/m);
    expect(linesOf(stdout).length).toBeLessThan(60);
    expect(code).toBe(1);
  });

  ifAll("one that says nothing is not asked for long", async ({ expect }) => {
    const { stdout } = await serving(mute, ({ port }) =>
      runCommand(["check", "r5", "--addr", `${port}`, "--patience", "0.3"]),
    );
    expect(stdout).toMatch(/the rest was not run: the server has sent nothing$/m);
  });
});

describe("a server that ends at its first client", () => {
  const crash = () => {
    const file = join(folder, "ends.mjs");
    writeFileSync(
      file,
      `import { createServer } from "node:net";
      createServer(() => missing()).listen(process.env.PORT, "127.0.0.1", function () {
        console.log("listening on 127.0.0.1:" + this.address().port);
      });`,
    );
    return file;
  };

  ifAll.each([["check"], ["check", "r5"]])("%s %s quotes it", async (...args) => {
    const { stdout, stderr } = await runCommand([...args, crash(), ...PATIENT]);
    const said = stdout + stderr;
    expect(count(said, "ReferenceError: missing is not defined")).toBe(1);
    expect(said).toMatch(/at .*ends\.mjs:2:\d+$/m);
  });
});

describe("a server that does not start", () => {
  test("says how it ended", async ({ expect }) => {
    const ended = await runCommand(["check", "3", "--cmd", "exit 3"]);
    expect(ended.stderr).toMatch(/^Cannot start exit 3: it ended with 3$/m);
    expect(ended.code).toBe(1);
  });

  ifAll("says by which error, not by the tail of its stack", async ({ expect }) => {
    const file = join(folder, "broken.mjs");
    writeFileSync(file, "function begin() {\n  missing();\n}\nbegin();\n");
    const { stderr } = await runCommand(["check", "3", file]);
    expect(linesOf(stderr).slice(1)).toEqual([
      "  server: ReferenceError: missing is not defined",
      `  server: at ${file}:2:3`,
    ]);
  });

  test("has to say where it listens, in that form", async () => {
    const file = join(folder, "silent.mjs");
    writeFileSync(
      file,
      `import { createServer } from "node:net";
      createServer().listen(process.env.PORT, "127.0.0.1", function () {
        console.log("Server running on port " + this.address().port);
      });`,
    );
    const ended = await runCommand(["check", "6", file]);
    expect(ended.stderr).toMatch(
      /but port (\d+) is open\n.*\nIt must say so in this form: listening on 127\.0\.0\.1:\1$/m,
    );
    expect(ended.code).toBe(1);
  });

  test.each(someOf([["6"], ["r5"], ["3.1"], []]))(
    "has to listen before it says so: %j",
    async (...asked) => {
      // Nobody listens at port 1 of this machine.
      const file = join(folder, "early.mjs");
      writeFileSync(
        file,
        `console.log("listening on 127.0.0.1:1"); setInterval(() => {}, 1e6)`,
      );
      const { code, stderr } = await runCommand(["check", ...asked, file]);
      expect(linesOf(stderr)).toEqual([
        `Cannot check ${file}: it says that it listens on 127.0.0.1 port 1, but nothing listens there.`,
        "It must print its line once listen() has succeeded, with the port that it got",
      ]);
      expect(code).toBe(1);
    },
  );

  ifAll("has to take PORT: it says another", async ({ expect }) => {
    const file = join(folder, "usual.mjs");
    writeFileSync(
      file,
      `console.log("listening on 127.0.0.1:42069"); setInterval(() => {}, 1e6)`,
    );
    const ended = await runCommand(["check", "6", file]);
    expect(ended.stderr).toMatch(
      /it listens on port 42069, though PORT is 0\.\nIt must listen/,
    );
    expect(ended.code).toBe(1);
  });

  ifAll("has to take PORT: two cannot have one", async ({ expect }) => {
    const ended = await serving(mute, ({ port }) => {
      const file = write("fixed.mjs", `socket.write(line + " ❤️\\n");`, `${port}`);
      return runCommand(["check", "3", file]);
    });
    expect(ended.stderr).toMatch(/EADDRINUSE.*\n(.*\n)?It must listen on the port/);
    expect(ended.code).toBe(1);
  });
});

describe.concurrent("what cannot be checked", () => {
  test.each(
    someOf([
      [["check", "6.9"], /step 6 has 6\.1, 6\.2, 6\.3/],
      [["check"], /against which step/],
      [["check", "6", "--addr", "x", "--cmd", "y"], /together/],
      [["check", "6", "--patience", "0"], /Cannot wait/],
      [["check", "6", "--addr", "nowhere"], /Cannot use address/],
      [["check", "6", "--flag"], /--flag/],
      [["check", "6", "--only", "zz"], /"zz": no behaviour of 06-concurrent has that/],
      [["check", "6.1", "--only", "x"], /an exercise is checked as a whole/],
      [["check", "--addr", "1", "--only", "x"], /of which step/],
      [["check", "r1"], /Cannot check r1-blocking: it has no behaviours.*curl/],
      [["check", "6", "nowhere.py"], /there is no such file/],
      [["check", "6.1", "docs"], /Cannot check docs: it is a folder/],
      [["check", "--matrix", "6"], /the matrix has all steps/],
      [["check", "--matrix", "--cmd", "x"], /Cannot use --cmd: the matrix has our own/],
      [["check", "6", "--patience", "601"], /Cannot wait "601".*at most 600/],
    ] as const),
  )("%j", async (args, message) => {
    const ended = await runCommand(args);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.code).toBe(2);
  });
});

test("a file that cannot be written is refused before the check", async () => {
  const path = join(folder, "none", "x.json");
  const args = ["check", "6", step("06-concurrent"), "--json", path];
  const { code, stdout, stderr } = await runCommand(args);
  expect(stderr).toMatch(/^Cannot write .*x\.json: ENOENT\. Name a file in an existing/);
  expect([code, stdout]).toEqual([1, ""]);
});

test("every behaviour has an anchor of its own", () => {
  const ids = behavioursOf(18).map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});

describe("an exercise", () => {
  const solution = (path: string) => join(inject("built"), path);

  const solved = [
    ["12.1", "12-main-room/exercises/1-head-count.js"],
    ["9.2", "09-names/exercises/2-you.js"],
    ["18.2", "18-final/exercises/2-idle.js"],
  ] as const;
  test.each(someOf(solved))("%s is solved by our solution", async (number, path) => {
    const { code, stdout } = await runCommand([
      "check",
      number,
      solution(path),
      ...PATIENT,
    ]);
    expect(stdout).toMatch(/^✓ \w/m);
    expect(stdout).toMatch(/^It does what is asked\. .*examples.*exercises/m);
    expect(code).toBe(0);
  });

  test("is not solved by the step that it begins from", async ({ expect }) => {
    const args = ["check", "12.1", step("12-main-room"), "--patience", "0.5"];
    const { code, stdout } = await runCommand(args);
    expect(stdout).toMatch(/^✗ \w/m);
    expect(stdout).toMatch(/expected {2}ann to see ".* joined main \(1 here\)"/);
    expect(stdout).toContain("docs/12-main-room.md, exercise 1");
    expect(stdout).not.toContain("behaviours.html");
    expect(code).toBe(1);
  });

  ifAll("says how it has to be started", async ({ expect }) => {
    const running = await runCommand(["check", "18.2", "--addr", "1"]);
    expect(running.stderr).toMatch(/^Cannot check 18\.2 on a running server.*mine\.ts$/m);
    const shell = await runCommand(["check", "18.1", "--cmd", "true"]);
    expect(shell.stderr).toMatch(/^Cannot check 18\.1 with --cmd.*mine\.ts$/m);
    expect([running.code, shell.code]).toEqual([2, 2]);
  });
});
