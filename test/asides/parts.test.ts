// The parts that the programs of the asides share: locks and a mailbox.
import { describe, expect, test } from "vitest";
import { growth } from "../../examples/asides/parts/heap.ts";
import { Mailbox } from "../../examples/asides/parts/mailbox.ts";
import { Mutex } from "../../examples/asides/parts/mutex.ts";
import { ReadWriteLock } from "../../examples/asides/parts/rwlock.ts";
import { turns } from "../../examples/asides/parts/turns.ts";
import { collect } from "../shared/helpers.ts";

describe("Mutex", () => {
  test("admits one holder at a time, in order of the requests", async () => {
    const mutex = new Mutex();
    const log: string[] = [];
    const visit = (name: string) =>
      mutex.run(async () => {
        log.push(`${name} in`);
        await turns(2);
        log.push(`${name} out`);
      });
    await Promise.all(["a", "b", "c"].map(visit));
    expect(log).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  test("is not taken by a newcomer while it is handed over", async () => {
    const mutex = new Mutex();
    const unlock = await mutex.lock();
    const log: string[] = [];
    const second = mutex.run(() => log.push("second"));
    unlock();
    const third = mutex.run(() => log.push("third"));
    await Promise.all([second, third]);
    expect(log).toEqual(["second", "third"]);
  });

  test("is released when the work throws", async () => {
    const mutex = new Mutex();
    const failing = mutex.run(() => {
      throw new Error("lost");
    });
    await expect(failing).rejects.toThrow("lost");
    expect(await mutex.run(() => "free")).toBe("free");
  });
});

describe("ReadWriteLock", () => {
  /** Requests all visits at once. @returns The visitors inside, as each visitor saw them. */
  async function visits(kinds: string): Promise<string[]> {
    const lock = new ReadWriteLock();
    const inside = new Set<string>();
    const seen: string[] = [];
    const visit = (kind: string, index: number) => {
      const work = async () => {
        inside.add(`${kind}${index}`);
        await turns(2);
        seen.push([...inside].join("+"));
        await turns(2);
        inside.delete(`${kind}${index}`);
      };
      return kind === "r" ? lock.read(work) : lock.write(work);
    };
    await Promise.all([...kinds].map(visit));
    return seen;
  }

  test("admits readers together", async () => {
    expect(await visits("rrr")).toEqual(Array(3).fill("r0+r1+r2"));
  });

  test("admits a writer alone", async () => {
    expect(await visits("ww")).toEqual(["w0", "w1"]);
  });

  test("does not let a reader pass a waiting writer", async () => {
    expect(await visits("rwrr")).toEqual(["r0", "w1", "r2+r3", "r2+r3"]);
  });

  test("is released when the work throws", async () => {
    const lock = new ReadWriteLock();
    const fail = () => Promise.reject(new Error("lost"));
    await expect(lock.write(fail)).rejects.toThrow("lost");
    await expect(lock.read(fail)).rejects.toThrow("lost");
    expect(await lock.write(() => Promise.resolve("free"))).toBe("free");
  });
});

describe("Mailbox", () => {
  test("yields messages in order, including those sent while it is read", async () => {
    const mailbox = new Mailbox<number>();
    mailbox.send(1);
    const all = collect(mailbox);
    mailbox.send(2);
    await turns();
    mailbox.send(3);
    await turns();
    mailbox.close();
    expect(await all).toEqual([1, 2, 3]);
  });

  test("yields what it holds before it ends", async () => {
    const mailbox = new Mailbox<number>();
    mailbox.send(1);
    mailbox.close();
    expect(await collect(mailbox)).toEqual([1]);
  });
});

describe("growth", () => {
  test("counts memory that is kept, and not memory that was freed", async () => {
    const kept: number[][] = [];
    const work = (keep: boolean) => async () => {
      for (let n = 0; n < 1_000; n += 1) {
        const thousand = Array.from({ length: 1_000 }, (_, index) => index + 0.5);
        if (keep) kept.push(thousand);
      }
    };
    await work(false)();
    expect(await growth(work(false))).toBeLessThan(1_000_000);
    expect(await growth(work(true))).toBeGreaterThan(6_000_000);
    expect(kept).toHaveLength(1_000);
  });
});
