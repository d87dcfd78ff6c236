// just faults m2, as a reader uses it: keys, and what Ann and Bob see.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { Command } from "../run.ts";

const nats = needs(findNats(), "just faults m2", "nats-server");

test.skipIf(!nats)("shows a cut, a departure, and the way back", async () => {
  const command = new Command(["faults", "m2"]);
  onTestFinished(async () => {
    await command.end();
  });
  await command.prints(/^Ann: \d+\n[\s\S]*^ +Ann: \d+$/m);
  command.types("c");
  await command.prints(/cable of server B is cut/);
  await command.prints(/^Bob left$/m);
  command.types("c");
  await command.prints(/^ +You were cut off: what was said here meanwhile is lost$/m);
  await command.prints(/^Bob joined$/m);
  command.types("k");
  await command.prints(/server B ended with SIGKILL/);
  command.types("q");
  expect((await command.ended).code).toBe(0);
});

test.skipIf(!nats || process.platform === "win32")(
  "removes the broker's files, even when signals come while it ends",
  async () => {
    const TMPDIR = mkdtempSync(join(tmpdir(), "faults-"));
    onTestFinished(() => rmSync(TMPDIR, { recursive: true }));
    const command = new Command(["faults", "m2"], { TMPDIR });
    await command.prints(/^Ann: \d+$/m);
    let isOver = false;
    const ended = command.ended.finally(() => {
      isOver = true;
    });
    // As `timeout` does: one for the process, and one for its group.
    while (!isOver) {
      void command.end("SIGTERM");
      await new Promise(setImmediate);
    }
    expect((await ended).code).toBe(0);
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith("chat-"))).toEqual([]);
  },
);
