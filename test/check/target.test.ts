// What just check takes for a server, and what it says of words that name none.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { behavioursOf } from "../../behaviours/table.ts";
import { readAsked } from "../../scripts/check/asked.ts";
import { holdAll } from "../../scripts/check/hold-all.ts";
import { targetOf } from "../../scripts/check/target.ts";

function fileNamed(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "target-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, "");
  return file;
}

test.each(["", " ", "\n"])("refuses the command %j", (cmd) => {
  expect(() => targetOf({ cmd, asked: "6" })).toThrow(
    /^Cannot start "\s*": it is no command\. .* just check 6 --cmd "/,
  );
});

test.each([
  ["1", "just check 1 --cmd"],
  ["7.1", "just check 7.1 --cmd"],
  [undefined, "just check --cmd"],
])("names the command for a file as %s", (asked, call) => {
  const file = fileNamed("echo.rs");
  expect(() => targetOf({ file, asked })).toThrow(
    `Cannot tell how to run echo.rs. Name the command: ${call} "… ${file}"`,
  );
});

test.skipIf(process.platform === "win32")(
  "names chmod for a file without extension",
  () => {
    const file = fileNamed("noext");
    expect(() => targetOf({ file, asked: "6" })).toThrow(
      `Cannot tell how to run noext: it is not executable. Run chmod +x ${file}, or name`,
    );
  },
);

test.each([
  [["6", "nosuch"], "Cannot check nosuch: there is no such file"],
  [["6", "7"], "Cannot check two steps at once: 7"],
  [["6", "names"], "Cannot check two steps at once: names"],
])("of %j says what is wrong", (words, message) => {
  expect(() => readAsked(words)).toThrow(message);
});

test("an address that cannot be connected to is one error, not a failed behaviour", async () => {
  // The broadcast address takes no connections, on any system.
  const target = targetOf({ addr: "255.255.255.255:9" });
  const results: unknown[] = [];
  const onResult = (result: unknown) => results.push(result) === 0;
  const holding = holdAll(behavioursOf(1), { target, step: 1, patience: 5000, onResult });
  await expect(holding).rejects.toThrow(
    /^Cannot connect to 255\.255\.255\.255 port 9: \S/,
  );
  expect(results).toEqual([]);
});
