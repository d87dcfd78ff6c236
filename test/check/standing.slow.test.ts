// just check without a number: between which steps a server stands, and what it writes down.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { help } from "../../behaviours/wire.ts";
import { DIALECTS } from "../../scripts/check/dialect.ts";
import { Command, runCommand } from "../run.ts";
import { mute, serving, strange } from "./bad-servers.ts";

/** Far more than anything takes: only what fails waits so long. In seconds. */
const PATIENT = ["--patience", "10"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "standing-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const number = (step: number) => `${step}`.padStart(2, "0");

/** The last steps of those that send the same lines: the others differ in what they add. */
const LAST_OF_EACH = new Set(DIALECTS.map(({ last }) => last));

describe("where a server stands", () => {
  test.each(STEPS.filter(({ number }) => LAST_OF_EACH.has(number)))(
    "$slug stands where it does",
    async ({ number: step, slug }) => {
      const server = join(inject("built"), slug, "server.js");
      const json = join(folder, `${slug}.json`);
      const args = ["check", server, "--json", json, ...PATIENT];
      const { code, stdout } = await runCommand(args);
      const place =
        step === 18
          ? "Yours is the finished chat: everything of 18 holds."
          : `Yours stands between ${number(step)} and ${number(step + 1)}: everything of ` +
            `${number(step)} holds. Next missing:`;
      expect(stdout).toContain(place);
      const file = JSON.parse(readFileSync(json, "utf8"));
      expect(file).toMatchObject({ check: 1, server });
      const held = new Map<string, string>(
        file.behaviours.map((one: { id: string; verdict: string }) => [
          one.id,
          one.verdict,
        ]),
      );
      for (const { id, from, to, defect, hostile } of BEHAVIOURS) {
        if (from > step || to < step || hostile) continue;
        expect(held.get(id), id).toBe(defect ? "defect" : "holds");
      }
      // No help text is expected of them, and so nothing could have failed.
      if (step < 5)
        expect(held.get("lists-its-commands-on-connecting")).not.toBe("holds");
      expect(code).toBe(0);
    },
    400_000,
  );

  test("a solution of an exercise may stand before its step, and the report says so", async () => {
    const solution = join(inject("built"), "01-echo/exercises/1-count.js");
    const { stdout } = await runCommand(["check", solution, ...PATIENT]);
    expect(stdout).toContain("Yours stands before 01.");
    expect(stdout).toMatch(/check 1\.1 \S+1-count\.js\s+if it is your solution/);
  });

  test("a fault in an early step counts before all that comes later", async () => {
    // As step 08, but it takes /help for talk.
    const built = join(inject("built"), "08-chat");
    const text = readFileSync(join(built, "server.js"), "utf8");
    const broken = join(built, "without-help.js");
    writeFileSync(broken, text.replaceAll('"/help"', '"/aid"'));
    const { stdout } = await runCommand(["check", broken, ...PATIENT]);
    expect(stdout).toContain("speaks as steps 05 to 08 do");
    expect(stdout).toMatch(/^Yours stands between 04 and 05: .* Next missing:$/m);
    expect(stdout).toMatch(/✓ 08-chat|✗ 08-chat/);
  });

  const named = "You are BraveOtter\n";
  test.each([
    ["no help", `${named}BraveOtter joined main\n`, 12],
    ["no help, but lines of 17", `${named}You joined main\n`, 17],
    ["no answer", `${help(9).join("\n")}\n${named}`, 9],
  ])("what it sends says which step is its own: %s", async (_, greeting, step) => {
    const greets = (socket: Socket) => socket.resume().write(greeting);
    const { stderr } = await serving(greets, ({ port }) =>
      runCommand(["check", "--addr", `${port}`, "--patience", "0.5"]),
    );
    expect(stderr).toContain(`It comes closest to step ${step}:\n`);
    expect(stderr).toMatch(new RegExp(` check ${step} --addr`));
  });

  test.each([
    ["nothing", mute, /: it sends nothing\.$/m],
    ["words of its own", strange, /no step speaks like that.*closest to step \d/],
  ] as const)("%s cannot be placed", async (_, serve, message) => {
    const { code, stdout, stderr } = await serving(serve, ({ port }) =>
      runCommand(["check", "--addr", `${port}`, "--patience", "0.3"]),
    );
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`just check`);
    expect(code).toBe(1);
  });

  test("nothing listens there", async () => {
    const { code, stderr } = await runCommand(["check", "--addr", "127.0.0.1:1"]);
    expect(stderr).toMatch(/^Nothing listens on 127\.0\.0\.1 port 1\. /);
    expect(code).toBe(1);
  });
});

describe("--watch", () => {
  const echo = (answer: string) => `import { createServer } from "node:net";
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      ${answer}
    }).listen(process.env.PORT, "127.0.0.1", function () {
      console.log("listening on 127.0.0.1:" + this.address().port);
    });`;
  const right = echo("socket.pipe(socket);");
  const shouts =
    echo(`socket.on("data", (data) => socket.write(String(data).toUpperCase()));
    socket.on("end", () => socket.end());`);

  test("without a step says between which steps it is, again at each save", async () => {
    const file = join(folder, "standing.mjs");
    writeFileSync(file, right);
    const check = new Command(["check", file, "--watch", ...PATIENT]);
    await check.prints(/speaks as steps? /);
    await check.prints(/^watching .*standing\.mjs; Ctrl-C ends this$/m);
    writeFileSync(file, `${right}\n`);
    await check.prints(/as before: Yours /);
    writeFileSync(file, shouts);
    await check.prints(/Cannot place|no longer holds: |stands before 01/);
    expect((await check.end("SIGINT")).stderr).toBe("");
  });

  test("prints what has changed with each save, and ends quietly", async () => {
    const file = join(folder, "mine.mjs");
    writeFileSync(file, shouts);
    const check = new Command(["check", "1", file, "--watch", ...PATIENT]);
    await check.prints(/got {7}"HELLO/);
    await check.prints(/^watching .*mine\.mjs; Ctrl-C ends this$/m);
    writeFileSync(file, right);
    await check.prints(/✓ now holds: \w/);
    await check.prints(/All \d+ hold: on to step 2/);
    writeFileSync(file, `${right}\nmissing();\n`);
    await check.prints(/Cannot start .*\n {2}server: ReferenceError: missing is not/);
    writeFileSync(file, `${right}\n`);
    await check.prints(/(\d+) of \1 hold, as before/);
    writeFileSync(file, shouts);
    await check.prints(/✗ no longer holds: [\s\S]*got {7}"HELLO/);
    const { code, stderr } = await check.end("SIGINT");
    expect(stderr).toBe("");
    // With 0 just would add a line of its own.
    expect(code).toBe(130);
  });

  test.each([
    [["check", "6", "--watch"], /Cannot watch a running server/],
    [["check", "6", "--watch", "--cmd", "true"], /"true" names no file/],
  ])("%j says what it needs", async (args, message) => {
    const { code, stderr } = await runCommand(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
