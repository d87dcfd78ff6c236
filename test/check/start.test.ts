// A reader's server that listens on the default port although it may take any.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../../scripts/check/start.ts";

/** A server that says it has the default port the first `times` that it starts; what starts it. */
function unlucky(times: number): { command: string[]; starts: () => string } {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const diary = join(folder, "starts");
  const code = `const { appendFileSync, readFileSync } = require("node:fs");
    appendFileSync(${JSON.stringify(diary)}, "x");
    const times = readFileSync(${JSON.stringify(diary)}, "utf8").length;
    console.log("listening on 127.0.0.1:" + (times <= ${times} ? 42069 : 40000));
    setInterval(() => {}, 1e6);`;
  return {
    command: [process.execPath, "-e", code],
    starts: () => readFileSync(diary, "utf8"),
  };
}

test("is started again, because the kernel may have chosen that port", async () => {
  const { command, starts } = unlucky(1);
  const server = await start({ command });
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });
  expect(server.port).toBe(40000);
  expect(starts()).toBe("xx");
});

test("has to take its port from PORT, when that happens twice", async () => {
  const { command, starts } = unlucky(2);
  await expect(start({ command })).rejects.toThrow(
    /it listens on port 42069, though PORT is 0\.\nIt must listen/,
  );
  expect(starts()).toBe("xx");
});
