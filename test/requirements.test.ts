// That tests ask before they start what not every machine has.
//
// The traps of each run of `just test` (build-steps.ts) find what is started by its name, and
// `.ci/run` runs it where none of it is. Here are the places that a program could be found by.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../behaviours/steps.ts";
import { ALL } from "./requirements.ts";
import { Traps } from "./traps.ts";

const SOURCES = ["test", "scripts"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter(
      (path) => /\.(ts|tsx|mjs)$/.test(path) && path !== "test/requirements.test.ts",
    ),
);
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** What starts something, or says where it is, and the name by which it is called. */
const STARTERS = [
  { file: "scripts/docs/site/browser.ts", call: /\b(?:startBrowser|findChromium)\(/ },
  { file: "test/site/site.ts", call: /\bopenSite\(/ },
  { file: "scripts/bench/http/compiled.ts", call: /\b(?:compiled|findCompiler)\(/ },
  { file: "test/chat/tmux.ts", call: /\bnew Terminal\(/ },
  { file: "test/reactor/wine/wine.ts", call: /\b(?:runUnderWine|findWine)\(/ },
  { file: "test/reactor/wine/place.ts", call: /\bwinePlace\(/ },
];
/** These hand on the place that asks. */
const ASKS = /\bneeds\(|\bwinePlace\(/;

test.each(STARTERS)("who calls $file asks first", ({ file, call }) => {
  const callers = SOURCES.filter(
    (path) => path.startsWith("test/") && path !== file && call.test(read(path)),
  );
  expect(callers.length).toBeGreaterThan(0);
  const starters = STARTERS.map((one) => one.file);
  const unasked = callers.filter(
    (path) => !starters.includes(path) && !ASKS.test(read(path)),
  );
  expect(unasked).toEqual([]);
});

test("nothing else names such a program", () => {
  const program =
    /["'`](?:\/[\w./ -]*\/)?(?:cc|gcc|clang|tmux|wine(?:64|server)?|chromium(?:-browser)?|google-chrome|python3?|qemu-[\w-]+)["'`]/;
  const allowed = [...STARTERS.map(({ file }) => file), "test/traps.ts"];
  // Starts the file of a reader who has Python.
  allowed.push("scripts/check/target.ts");
  const naming = SOURCES.filter((path) => program.test(read(path)));
  const unexpected = naming.filter(
    (path) => !allowed.includes(path) && !/\b(?:needs|commandNamed)\(/.test(read(path)),
  );
  expect(unexpected).toEqual([]);
  expect(naming.length).toBeGreaterThan(2);
});

test.skipIf(process.platform === "win32")("a trap catches what is started", () => {
  const folder = mkdtempSync(join(tmpdir(), "traps-"));
  const traps = new Traps(folder);
  expect(traps.sprung()).toEqual([]);
  const { status } = spawnSync("tmux", ["-V"], {
    env: { ...process.env, PATH: traps.path },
  });
  expect(status).toBe(127);
  expect(traps.sprung()).toEqual(["tmux -V"]);
  rmSync(folder, { recursive: true });
});

test.skipIf(ALL || process.platform === "win32")("they are set in this run", () => {
  expect(process.env.PATH).toMatch(/^[^:]*\.built-steps-[^:]*traps:/);
});
