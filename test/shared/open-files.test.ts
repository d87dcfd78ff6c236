// Files that are kept open, as a loop and a file worker see them: two views of one table.
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { answerFile } from "../../examples/shared/file-answer.ts";
import type { FileRequest } from "../../examples/shared/file-request.ts";
import { newOpenFiles, OpenFiles } from "../../examples/shared/open-files.ts";
import { LOCK_WORDS, ReadWriteLock } from "../../examples/shared/read-write-lock.ts";

function asking(path: string, more: Partial<FileRequest> = {}): FileRequest {
  const segments = path.split("/");
  return { method: "GET", segments, conditions: {}, connection: "keep-alive", ...more };
}

/** A folder with a file, and both views of a table: the worker's and the loop's. */
function setUp() {
  const root = mkdtempSync(join(tmpdir(), "open-files-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const file = join(root, "a.txt");
  writeFileSync(file, "one");
  const memory = newOpenFiles();
  const clock = { now: 1e9 };
  const worker = new OpenFiles(memory, () => clock.now);
  const loop = new OpenFiles(memory, () => clock.now);
  const textOf = (bytes: Uint8Array | undefined) =>
    bytes && Buffer.from(bytes).toString("latin1");
  return {
    root,
    file,
    memory,
    clock,
    works: (request = asking("a.txt")) =>
      textOf(answerFile(root, request, worker).bytes) ?? "",
    loops: (request = asking("a.txt")) => textOf(loop.answer(request)),
    /** Open descriptors of this process in this folder. */
    descriptors: () =>
      readdirSync("/proc/self/fd").filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(root);
        } catch {
          return false;
        }
      }).length,
  };
}

/** An answer without its date, its fields sorted. */
function likeness(answer: string | undefined): string[] | undefined {
  const [head = "", body = ""] = answer?.split("\r\n\r\n") ?? [];
  if (answer === undefined) return undefined;
  return [
    ...head
      .replace(/^Date: .*/m, "Date")
      .split("\r\n")
      .sort(),
    body,
  ];
}

describe.runIf(process.platform === "linux")("a file that was just served", () => {
  test("is answered as by a worker, with the Connection that each request asks for", () => {
    const { works, loops } = setUp();
    expect(loops()).toBeUndefined();
    const before = works();
    expect(likeness(loops())).toEqual(likeness(before));
    const last = asking("a.txt", { connection: "close" });
    expect(likeness(loops(last))).toEqual(likeness(works(last)));
    expect(loops(last)).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r$/m);
  });

  test.each<[string, (file: string) => void]>([
    ["written", (file) => writeFileSync(file, "two")],
    ["appended to", (file) => appendFileSync(file, "more")],
    ["shorter", (file) => truncateSync(file, 1)],
    ["removed", (file) => unlinkSync(file)],
    ["renamed", (file) => renameSync(file, `${file}.old`)],
    [
      "replaced",
      (file) => {
        writeFileSync(`${file}.new`, "two");
        renameSync(`${file}.new`, file);
      },
    ],
    [
      "written, with its old modification time",
      (file) => {
        const { atime, mtime } = statSync(file);
        writeFileSync(file, "two");
        utimesSync(file, atime, mtime);
      },
    ],
  ])("is a worker's again when it was %s", (_, change) => {
    const { file, works, loops } = setUp();
    works();
    expect(loops()).toMatch(/one$/);
    change(file);
    expect(loops()).toBeUndefined();
    const answer = works();
    expect(loops()).toBe(answer.startsWith("HTTP/1.1 200") ? answer : undefined);
  });

  test("is checked by its path again after a second", () => {
    const { clock, works, loops } = setUp();
    works();
    clock.now += 1000;
    expect(loops()).toBeDefined();
    clock.now += 1;
    expect(loops()).toBeUndefined();
    works();
    expect(loops()).toBeDefined();
  });

  test("is left to a worker when the request has a condition, a range, or another method", () => {
    const { works, loops } = setUp();
    works();
    for (const more of [
      { method: "HEAD" },
      { conditions: { range: "bytes=0-0" } },
      { conditions: { "if-none-match": "*" } },
    ]) {
      expect(loops(asking("a.txt", more))).toBeUndefined();
      works(asking("a.txt", more));
    }
    expect(loops()).toMatch(/one$/);
  });

  test("is not confused with a file whose path looks similar", () => {
    const { root, works, loops } = setUp();
    const request = asking("a.txt", { segments: [".", "a.txt"] });
    expect(works(request)).toMatch(/^HTTP\/1.1 404 /);
    works();
    expect(loops(asking("", { segments: ["/a.txt"] }))).toBeUndefined();
    expect(loops(asking("", { segments: ["", "a.txt"] }))).toBeUndefined();
    expect(root).toBeDefined();
  });

  test("uses one descriptor, however often it is requested", () => {
    const { file, works, descriptors } = setUp();
    for (let time = 0; time < 10; time += 1) works();
    expect(descriptors()).toBe(1);
    writeFileSync(file, "two");
    works();
    expect(descriptors()).toBe(1);
  });
});

test.runIf(process.platform === "linux")(
  "open files are limited in number and size",
  () => {
    const { root, works, loops, descriptors } = setUp();
    for (let name = 0; name < 600; name += 1) {
      writeFileSync(join(root, `${name}`), `${name}`);
      works(asking(`${name}`));
      expect(loops(asking(`${name}`))?.endsWith(`\r\n\r\n${name}`)).toBe(true);
    }
    expect(descriptors()).toBeGreaterThan(100);
    expect(descriptors()).toBeLessThanOrEqual(256);
    writeFileSync(join(root, "large"), Buffer.alloc(65_537));
    works(asking("large"));
    expect(loops(asking("large"))).toBeUndefined();
  },
);

test.runIf(process.platform === "linux")("a loop does not wait for a writer", () => {
  const { memory, works, loops } = setUp();
  works();
  const lock = new ReadWriteLock(new Int32Array(memory, 0, LOCK_WORDS));
  expect(lock.write(() => loops())).toBeUndefined();
  expect(loops()).toMatch(/one$/);
});
