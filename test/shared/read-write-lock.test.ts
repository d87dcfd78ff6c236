// The read-write lock, in every order of a few threads' steps.
import { describe, expect, test } from "vitest";
import { LOCK_WORDS, ReadWriteLock } from "../../examples/shared/read-write-lock.ts";
import { explore, type Program } from "./interleavings.ts";

const [LEFT, RIGHT] = [LOCK_WORDS, LOCK_WORDS + 1];
const SIZE = LOCK_WORDS + 2;

/** Two words that are always equal for a holder of the lock. */
const writes: Program = (words, atomics) => {
  new ReadWriteLock(words, atomics).write(() => {
    const value = atomics.load(words, LEFT) + 1;
    atomics.store(words, LEFT, value);
    atomics.store(words, RIGHT, value);
  });
};

const reads: Program = (words, atomics) => {
  const [left, right] = new ReadWriteLock(words, atomics).read(() => [
    atomics.load(words, LEFT),
    atomics.load(words, RIGHT),
  ]);
  if (left !== right) throw new Error(`a torn read: ${left}, ${right}`);
};

/** Reads if the lock can be taken without waiting. */
const triesToRead: Program = (words, atomics) => {
  const pair = new ReadWriteLock(words, atomics).tryRead(() => [
    atomics.load(words, LEFT),
    atomics.load(words, RIGHT),
  ]);
  if (pair && pair[0] !== pair[1]) throw new Error(`a torn read: ${pair.join(", ")}`);
};

/** Without the lock, to show that the test detects it. */
const readsAnyway: Program = (words, atomics) => {
  const [left, right] = [atomics.load(words, LEFT), atomics.load(words, RIGHT)];
  if (left !== right) throw new Error(`a torn read: ${left}, ${right}`);
};

const twice =
  (program: Program): Program =>
  (words, atomics) => {
    program(words, atomics);
    program(words, atomics);
  };

describe("in every order of their steps", () => {
  test.each([
    ["a reader and a writer", [reads, writes]],
    ["two writers", [writes, writes]],
    ["a reader that comes twice, and a writer", [twice(reads), writes]],
    ["one that only tries to read, and a writer", [triesToRead, writes]],
  ])("%s: no torn read, and all come to an end", (_, programs) => {
    expect(explore(programs, SIZE)).toBeGreaterThan(20);
  });

  test("two readers may be inside at once", () => {
    let together = false;
    const meets: Program = (words, atomics) => {
      new ReadWriteLock(words, atomics).read(() => {
        const inside = atomics.add(words, LEFT, 1);
        if (inside === 1) together = true;
        atomics.sub(words, LEFT, 1);
      });
    };
    explore([meets, meets], SIZE);
    expect(together).toBe(true);
  });

  test("trying to read is non-blocking, even next to other readers", () => {
    const never = () => {
      throw new Error("it waits");
    };
    const answers = new Set<boolean | undefined>();
    const tries: Program = (words, atomics) => {
      const impatient = { ...atomics, wait: never };
      answers.add(new ReadWriteLock(words, impatient).tryRead(() => true));
    };
    explore([tries, reads], SIZE);
    expect([...answers]).toEqual([true]);
    explore([tries, writes], SIZE);
    expect(answers).toEqual(new Set([true, undefined]));
  });

  test("a reader without the lock is detected, and so is one that never leaves", () => {
    expect(() => explore([readsAnyway, writes], SIZE)).toThrow(/a torn read/);
    const stays: Program = (words, atomics) => {
      const lock = new ReadWriteLock(words, atomics);
      lock.read(() => lock.write(() => {}));
    };
    expect(() => explore([stays], SIZE)).toThrow(/all sleep/);
  });
});
