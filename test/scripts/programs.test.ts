// Which program a person means, and that just example runs it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, type Step } from "../../behaviours/steps.ts";
import { NotFound, UsageError } from "../../scripts/cli.ts";
import { findStep } from "../../scripts/find-step.ts";
import { asides, findProgram, solutions } from "../../scripts/programs.ts";
import { commandNamed, needs } from "../requirements.ts";
import { Command, runCommand } from "../run.ts";

test.each(["6", "06", "06-concurrent", "concurrent"])("%j is step 06", (text) => {
  expect(findProgram(text)).toMatchObject({ kind: "step", slug: "06-concurrent" });
});

test("a solution is named by step and number, with a zero before it or not", () => {
  for (const { slug, step } of solutions()) {
    const [number = "", exercise = ""] = slug.split("-");
    const short = number.replace(/^0/, "");
    for (const text of [slug, `${number}.${exercise}`, `${short}.${exercise}`]) {
      expect(findProgram(text)).toMatchObject({ kind: "solution", slug, step });
    }
    expect(step?.slug.slice(0, 2)).toBe(number);
  }
});

test("no two solutions have one number", () => {
  const numbers = solutions().map(({ slug }) => slug.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
});

test("an aside is named by its whole name, also when others begin with it", () => {
  expect(asides().length).toBeGreaterThan(0);
  for (const { slug } of asides()) {
    expect(findProgram(slug)).toMatchObject({ kind: "aside", slug });
  }
});

test("what could be two asides is reported", () => {
  expect(() => findProgram("race")).toThrow(UsageError);
  expect(() => findProgram("race")).toThrow(/"race" could be .*promise-race or .*race/);
  expect(() => findProgram("names")).toThrow(
    /"names" could be 09-names or 11-free-names/,
  );
});

test.each(["", "0", "19", "r0", "6.9", "6.", "nosuch"])("%j is none", (text) => {
  expect(() => findProgram(text)).toThrow(NotFound);
});

test("a rung is named by its number and letter", () => {
  expect(findProgram("17a")).toMatchObject({ kind: "rung", slug: "17a-no-delay" });
  expect(findProgram("18f")).toMatchObject({ kind: "rung", slug: "18f-text" });
});

test("a step of the reactor chapter is named by its letter too", () => {
  const step = (slug: string, number: number): Step => {
    return { slug, number, folder: "", part: "chat", speaks: "lines" };
  };
  const steps = [step("03-modify", 3), step("r3-epoll", 3), step("r4-poll", 4)];
  expect(findStep("r3", steps).slug).toBe("r3-epoll");
  expect(findStep("3", steps).slug).toBe("03-modify");
  expect(findStep("epoll", steps).slug).toBe("r3-epoll");
  expect(findStep("r4-poll", steps).slug).toBe("r4-poll");
});

describe.concurrent("just example", () => {
  test("runs an aside to its end", async ({ expect }) => {
    const { code, stdout, stderr } = await runCommand(["example", "promise-race"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Promise.race");
    expect(stdout).not.toContain("just telnet");
  });

  test("runs the server of a solution", async ({ expect }) => {
    const example = new Command(["example", "8.1", "--port", "0"]);
    await example.prints(/^connect from another.*just telnet (\d+)/m);
    expect((await example.end("SIGINT")).code).toBe(
      process.platform === "win32" ? 0 : 130,
    );
  });

  test("runs a file of the user, and says how to connect", async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), "own file-"));
    const file = join(folder, "mine.mts");
    const source = `import { createServer } from "node:net";
      const port: number = Number(process.env.PORT);
      createServer((socket) => socket.end("mine\\n")).listen(port, "127.0.0.1", function () {
        console.log("listening on 127.0.0.1:" + this.address().port);
      });`;
    writeFileSync(file, source);
    const example = new Command(["example", file, "--port", "0"]);
    await example.prints(/^connect from another.*just telnet (\d+); Ctrl-C/m);
    await example.end();
    rmSync(folder, { recursive: true });
    const { code, stderr } = await runCommand(["example", file]);
    expect(stderr).toBe(`Cannot run ${file}: there is no such file\n`);
    expect(code).toBe(2);
  });

  test("passes options on to those that have them", async ({ expect }) => {
    const words = ["example", "18g", "--port", "0", "--", "--help"];
    const { code, stdout } = await runCommand(words);
    expect(stdout).toMatch(/^ +--rate N /m);
    expect(code).toBe(0);
  });

  const mistakes: [words: string, message: RegExp][] = [
    ["18g --port 0 --rate x", /^Cannot set --rate to "x": /],
    ["8.1 -- --ip ::1", /^Cannot run 08-1-\S+ with --ip: it has no such option\nSee all/],
    ["goodbye --exat", /^Cannot run .* --exat: .*\nDid you mean --exact\?\nSee all: /],
    ["6 --wath", /^Cannot run .* --wath: .*\nDid you mean --watch\?\nSee all: /],
  ];
  if (process.platform === "linux")
    mistakes.push(["r6 --poller pol", /^Cannot use the poller pol: /]);
  test.each(mistakes)("finds the mistake in %s", async (words, message) => {
    const { code, stdout, stderr } = await runCommand(["example", ...words.split(" ")]);
    expect(stderr).toMatch(message);
    expect({ code: code !== 0, stdout }).toEqual({ code: true, stdout: "" });
  });

  // The first just on the path is one that may not be started.
  const PATH = process.env.PATH?.split(delimiter).slice(1).join(delimiter);
  const callers = [
    { name: "just", words: [] },
    { name: "npm", words: ["run", "--silent"] },
  ];
  for (const { name, words } of callers) {
    const there = commandNamed(name, "--version", PATH);
    if (!needs(there, "options of a program, as readers type them", name)) continue;
    test(`passes options on from ${name}`, async ({ expect }) => {
      for (const dashes of [["--"], ["--", "--"]]) {
        const args = [...words, "example", "18g", ...dashes, "--rate", "x"];
        const env = { ...process.env, PATH };
        const call = spawnSync(there, args, { cwd: ROOT, env, encoding: "utf8" });
        expect(call.stderr).toMatch(/^Cannot set --rate to "x": /m);
        expect(call.status).toBe(2);
      }
    });
  }
});
