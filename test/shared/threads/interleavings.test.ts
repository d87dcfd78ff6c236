// The protocols between threads, in every order of their steps. Changes that break a
// protocol are detected.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { EXAMPLES } from "../../../behaviours/steps.ts";
import { interleave } from "../../../examples/asides/parts/interleavings.ts";
import * as channel from "../../../examples/shared/threads/channel.ts";
import * as parker from "../../../examples/shared/threads/parker.ts";
import * as port from "../../../examples/shared/threads/port.ts";
import * as queue from "../../../examples/shared/threads/queue.ts";
import * as readyList from "../../../examples/shared/threads/ready-list.ts";
import * as ring from "../../../examples/shared/threads/ring.ts";
import * as select from "../../../examples/shared/threads/select.ts";
import { LARGE, type Library, modelsOf } from "./models.ts";

const words = (...values: number[]) => Int32Array.from(values);

describe("the model checker", () => {
  test("counts the possible orders", () => {
    const adds = (times: number) => (memory: Int32Array) => () => {
      for (let time = 0; time < times; time += 1) Atomics.add(memory, 0, 1);
    };
    const threads = { a: adds(3), b: adds(4), c: adds(2) };
    const report = interleave({
      memory: words(0),
      threads,
      check: () => undefined,
    });
    // 9! / (3! 4! 2!)
    expect(report.orders).toBe(1260n);
  });

  test("finds a lost update of two adds", () => {
    const add = (memory: Int32Array) => () => {
      const sum = Atomics.load(memory, 0) + 1;
      Atomics.store(memory, 0, sum);
      return sum;
    };
    const { failure } = interleave({
      memory: words(0),
      threads: { a: add, b: add },
      check: ({ a, b }) => (a === 2 || b === 2 ? undefined : "one was lost"),
    });
    expect(failure).toEqual({
      what: "one was lost",
      trail: ["a: load [0]", "b: load [0]", "a: store [0] 1", "b: store [0] 1"],
    });
  });

  test("delays plain writes, as a processor may, but not Atomics", () => {
    const memory = { mine: words(0), yours: words(0) };
    const both = (write: (words: Int32Array) => void) => {
      const seen = new Set<string>();
      interleave({
        memory,
        threads: {
          a:
            ({ mine, yours }) =>
            () => {
              write(mine);
              return Atomics.load(yours, 0);
            },
          b:
            ({ mine, yours }) =>
            () => {
              write(yours);
              return Atomics.load(mine, 0);
            },
        },
        check: ({ a, b }) => {
          seen.add(`${a}${b}`);
          return undefined;
        },
      });
      return [...seen].sort();
    };
    const plain = (words: Int32Array) => {
      words[0] = 1;
    };
    expect(both(plain)).toEqual(["00", "01", "10", "11"]);
    expect(both((words) => Atomics.store(words, 0, 1))).toEqual(["01", "10", "11"]);
  });

  test("reports which thread sleeps, and restores Atomics", () => {
    const before = globalThis.Atomics;
    const { failure } = interleave({
      memory: words(0),
      threads: {
        sleeper: (memory) => () => globalThis.Atomics.wait(memory, 0, 0),
        other: (memory) => () => globalThis.Atomics.notify(memory, 0),
      },
      check: () => undefined,
    });
    expect(failure?.what).toBe("sleeper: asleep forever");
    expect(globalThis.Atomics).toBe(before);
  });
});

const models = modelsOf({
  ...{ ...channel, ...parker, ...port, ...queue },
  ...{ ...readyList, ...ring, ...select },
});
describe("holds in every order:", () => {
  test.each(Object.keys(models).filter((name) => !name.startsWith(LARGE)))(
    "%s",
    (name) => {
      const report = models[name]?.(interleave);
      expect(report?.failure).toBeUndefined();
      expect(report?.orders).toBeGreaterThan(300n);
    },
  );
});

/** A change, its file, the code before and after, and the model that detects it. */
const BROKEN: readonly (readonly [string, string, string, string, string, RegExp])[] = [
  [
    "the tail before the slot",
    "ring.ts",
    "this.#slots[tail & this.#mask] = value;",
    "Atomics.store(this.#ends, TAIL, tail + 1); this.#slots[tail & this.#mask] = value;",
    "a ring",
    /received/,
  ],
  [
    "the head before the value is read",
    "ring.ts",
    "const value = this.#slots[head & this.#mask];",
    "Atomics.store(this.#ends, HEAD, head + 1); const value = this.#slots[head & this.#mask];",
    "a ring",
    /received/,
  ],
  [
    "the turn before the value",
    "queue.ts",
    "this.#slots[at + 1] = value;",
    "Atomics.store(this.#slots, at, (tail + 2) | 0); this.#slots[at + 1] = value;",
    "a queue, 2 × 2 threads",
    /received/,
  ],
  [
    "a store instead of the compare-exchange that takes a slot",
    "queue.ts",
    "return Atomics.compareExchange(this.#ends, end, index, (index + 2) | 0);",
    "Atomics.store(this.#ends, end, index + 2); return index;",
    "a queue, 2 × 2 threads",
    /received/,
  ],
  [
    "closed as soon as it looks empty",
    "queue.ts",
    "Atomics.load(this.#ends, TAIL) === (head | CLOSED);\n        return isOver",
    "(Atomics.load(this.#ends, TAIL) & CLOSED) !== 0;\n        return isOver",
    "a queue that is closed",
    /received|sent/,
  ],
  [
    "a wake before the value",
    "port.ts",
    "if (!this.#out.trySend(value))",
    "this.#wakeReceiver(); this.#wakeReceiver = () => {}; if (!this.#out.trySend(value))",
    "a port that is read",
    /asleep forever/,
  ],
  [
    "no second check before sleeping",
    "select.ts",
    "if (all.some(({ isReady }) => isReady))",
    "if (false)",
    "a port that is read",
    /asleep forever/,
  ],
  [
    "a plain write that announces a sleeper",
    "wait-list.ts",
    "Atomics.or(this.#waiting, 0, 1 << thread);",
    "this.#waiting[0] = (this.#waiting[0] ?? 0) | (1 << thread);",
    "a port that is read",
    /asleep forever/,
  ],
  [
    "a sender that is not woken",
    "port.ts",
    "this.#waitingSenders.any && this.#in.length <= this.#half",
    "false",
    "a port that is full",
    /asleep forever/,
  ],
  [
    "the ring read before the closed flag",
    "port.ts",
    "const isOver = this.#isOver;\n    const value = this.#in.tryRecv();",
    "const value = this.#in.tryRecv();\n    const isOver = this.#isOver;",
    "a port that is closed",
    /received closed/,
  ],
  [
    "a port that stays in the ready list",
    "ready-list.ts",
    "Atomics.store(this.#listed, number, 0);",
    "",
    "a ready list",
    /asleep forever/,
  ],
  [
    "a port added to the ready list after the wake",
    "ready-list.ts",
    "this.#queue.trySend(number);\n    this.#wake();",
    "this.#wake();\n    this.#queue.trySend(number);",
    "a ready list",
    /asleep forever/,
  ],
];

describe("finds", () => {
  test.each(BROKEN)("%s", async (_, file, right, wrong, name, what) => {
    const library = await changed(file, right, wrong);
    const report = modelsOf(library)[name]?.(interleave);
    expect(report?.failure?.what).toMatch(what);
  });
});

/** The library with one change in one of its files. */
async function changed(file: string, right: string, wrong: string): Promise<Library> {
  const source = join(EXAMPLES, "shared/threads");
  const folder = mkdtempSync(join(tmpdir(), "threads-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of readdirSync(source)) {
    const text = readFileSync(join(source, name), "utf8");
    if (name === file) expect(text, name).toContain(right);
    writeFileSync(join(folder, name), name === file ? text.replace(right, wrong) : text);
  }
  const names = ["channel", "parker", "port", "queue", "ready-list", "ring", "select"];
  const parts = names.map(
    (name) => import(/* @vite-ignore */ join(folder, `${name}.ts`)),
  );
  return Object.assign({}, ...(await Promise.all(parts)));
}
