// Rings, queues and channels on one thread: against a plain list, across the wrap of
// indexes, and which threads are woken.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Channel, newChannel } from "../../../examples/shared/threads/channel.ts";
import { newParking, Parker, unpark } from "../../../examples/shared/threads/parker.ts";
import { newPort, Port } from "../../../examples/shared/threads/port.ts";
import { newQueue, Queue } from "../../../examples/shared/threads/queue.ts";
import { newReadyList, ReadyList } from "../../../examples/shared/threads/ready-list.ts";
import {
  newRing,
  RingReceiver,
  RingSender,
} from "../../../examples/shared/threads/ring.ts";
import { select } from "../../../examples/shared/threads/select.ts";
import { WaitList } from "../../../examples/shared/threads/wait-list.ts";

const HEAD = 0;
const TAIL = 16;
/** A few steps before the indexes wrap around. */
const LATE = 2 ** 31 - 6;

const values = fc.array(fc.option(fc.integer(), { nil: undefined }), { maxLength: 60 });

describe("Ring", () => {
  test.each([0, LATE])("behaves like a list, from index %i on", (start) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), values, (power, inputs) => {
        const memory = newRing(2 ** power);
        memory.ends[HEAD] = start;
        memory.ends[TAIL] = start;
        const sender = new RingSender(memory);
        const receiver = new RingReceiver(memory);
        const list: number[] = [];
        for (const value of inputs) {
          // A value is sent; nothing is received.
          if (value === undefined) expect(receiver.tryRecv()).toBe(list.shift());
          else if (sender.trySend(value)) list.push(value);
          else expect(list.length).toBe(2 ** power);
          expect([receiver.length, sender.room]).toEqual([
            list.length,
            2 ** power - list.length,
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("continues where a previous end has stopped", () => {
    const memory = newRing(4);
    new RingSender(memory).trySend(1);
    new RingSender(memory).trySend(2);
    expect(new RingReceiver(memory).tryRecv()).toBe(1);
    expect(new RingReceiver(memory).tryRecv()).toBe(2);
    expect(new RingReceiver(memory).tryRecv()).toBeUndefined();
  });

  test.each([0, 3, -2, 1.5, 2 ** 31, Number.NaN])(
    "refuses a capacity of %d",
    (capacity) => {
      expect(() => newRing(capacity)).toThrow(/must be a power of two/);
      expect(() => newQueue(capacity)).toThrow(/must be a power of two/);
    },
  );
});

describe("ReadyList", () => {
  test("lists a number once, until it is received", () => {
    const list = new ReadyList(newReadyList(2, newParking()));
    for (const number of [1, 1, 0, 1]) list.add(number);
    const got = [list.tryRecv(), list.tryRecv(), list.tryRecv()];
    expect(got).toEqual([1, 0, "empty"]);
  });

  test("takes a number again, although the thread that listed it has died", () => {
    const memory = newReadyList(2, newParking());
    const list = new ReadyList(memory);
    // It died before it could queue the number.
    memory.listed[1] = 1;
    list.add(1);
    expect(list.tryRecv()).toBe("empty");
    list.unlist(1);
    list.add(1);
    expect(list.tryRecv()).toBe(1);
  });

  test.each([1, 2, 3, 4])(
    "has room for %i numbers, also if all are queued twice",
    (count) => {
      const list = new ReadyList(newReadyList(count, newParking()));
      const numbers = Array.from({ length: count }, (_, at) => at);
      for (const number of numbers) list.add(number);
      for (const number of numbers) list.unlist(number);
      for (const number of numbers) list.add(number);
      for (const number of [...numbers, ...numbers]) expect(list.tryRecv()).toBe(number);
      expect(list.tryRecv()).toBe("empty");
    },
  );
});

describe("Queue", () => {
  test.each([0, LATE])("behaves like a list, from index %i on", (start) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), values, (power, inputs) => {
        const queue = queueFrom(2 ** power, start);
        const list: number[] = [];
        for (const value of inputs) {
          if (value === undefined) {
            expect(queue.tryRecv()).toBe(list.shift() ?? "empty");
          } else {
            const isFull = list.length === 2 ** power;
            expect(queue.trySend(value)).toBe(isFull ? "full" : "sent");
            if (!isFull) list.push(value);
          }
          expect([queue.length, queue.isReady, queue.hasRoom]).toEqual([
            list.length,
            list.length > 0,
            list.length < 2 ** power,
          ]);
        }
        queue.close();
        expect(queue.trySend(1)).toBe("closed");
        for (const value of list) expect(queue.tryRecv()).toBe(value);
        expect([queue.tryRecv(), queue.length]).toEqual(["closed", 0]);
      }),
      { numRuns: 60 },
    );
  });

  test("refuses a capacity of one: its slot would be free and full at once", () => {
    expect(() => newQueue(1)).toThrow(RangeError);
  });
});

/** An empty queue that has carried many values. */
function queueFrom(capacity: number, start: number): Queue {
  const memory = newQueue(capacity);
  memory.ends[HEAD] = start;
  memory.ends[TAIL] = start;
  for (let at = 0; at < capacity; at += 1) {
    const turn = (start + 2 * at) | 0;
    memory.slots[turn & (2 * capacity - 2)] = turn;
  }
  return new Queue(memory);
}

describe("a wait list", () => {
  test("wakes each waiting thread once, and no other", () => {
    const parking = newParking();
    const { receivers } = newChannel(2, parking);
    const list = new WaitList(receivers);
    expect(list.wakeOne()).toBe(false);
    for (const thread of [0, 5, 31]) {
      new Parker(parking, thread).prepare();
      list.add(thread);
    }
    expect(list.delete(5)).toBe(true);
    expect(list.delete(5)).toBe(false);
    expect([list.wakeOne(), list.wakeOne(), list.wakeOne()]).toEqual([true, true, false]);
    expect(unpark(parking, 0)).toBe(false);
    expect(unpark(parking, 5)).toBe(true);
  });

  test.each([-1, 32, 1.5])("has no thread %d", (thread) => {
    expect(() => new Parker(newParking(), thread)).toThrow(RangeError);
  });
});

describe("a channel", () => {
  /** Receivers that are about to sleep until there is a value. */
  function withReceivers(...threads: number[]) {
    const parking = newParking();
    const memory = newChannel(4, parking);
    const channel = new Channel(memory);
    for (const thread of threads) {
      new Parker(parking, thread).prepare();
      channel.waiters.add(thread);
    }
    const isParked = () => threads.map((thread) => parking[thread] === 1);
    return { memory, channel, isParked };
  }

  test("wakes one receiver for each value", () => {
    const { channel, isParked } = withReceivers(0, 1);
    channel.trySend(1);
    expect(isParked()).toEqual([false, true]);
    channel.trySend(2);
    expect(isParked()).toEqual([false, false]);
  });

  test("wakes the next when a value becomes visible along with later ones", () => {
    const { memory, channel, isParked } = withReceivers(1);
    // Two senders: the second has finished, but its wake found no visible value.
    memory.queue.ends[TAIL] = 4;
    memory.queue.slots.set([0, 10, 4, 20]);
    expect([channel.tryRecv(), channel.isReady]).toEqual(["empty", false]);
    // Now the first has finished too, and has woken a thread that was not waiting: us.
    memory.queue.slots[0] = 2;
    expect(channel.tryRecv()).toBe(10);
    expect(isParked()).toEqual([false]);
  });

  test("wakes the next when no more values will arrive", () => {
    const { channel, memory, isParked } = withReceivers(1);
    memory.queue.ends[TAIL] = 1;
    expect(channel.tryRecv()).toBe("closed");
    expect(isParked()).toEqual([false]);
  });

  test("wakes all when it is closed", () => {
    const { channel, isParked } = withReceivers(0, 1, 2);
    channel.close();
    channel.close();
    expect(isParked()).toEqual([false, false, false]);
  });
});

describe("select", () => {
  function sources() {
    const parking = newParking();
    const memory = newPort(4, parking);
    const talk = new Channel(newChannel(4, parking));
    const [there, port] = [new Port(memory, 0), new Port(memory, 1)];
    return { parking, parker: new Parker(parking, 0), there, port, talk };
  }

  test("takes from a ready source, and leaves the others unchanged", () => {
    const { parker, there, port, talk } = sources();
    there.trySend(1);
    talk.trySend(2);
    expect(select(parker, { port, talk })).toEqual({ from: "port", value: 1 });
    expect(talk.length).toBe(1);
    expect(select(parker, { port, talk })).toEqual({ from: "talk", value: 2 });
    expect(select(parker, { port, talk }, 0)).toBeUndefined();
  });

  test("returns at the timeout, and leaves every wait list", () => {
    const { parker, port, talk } = sources();
    expect(select(parker, { port, talk }, 1)).toBeUndefined();
    expect([port.waiters.any, talk.waiters.any]).toEqual([false, false]);
  });

  test("reports a closed source after all of its values", () => {
    const { parker, there, port } = sources();
    there.trySend(7);
    there.close();
    expect(select(parker, { port })).toEqual({ from: "port", value: 7 });
    expect(select(parker, { port })).toEqual({ from: "port", value: "closed" });
    expect(port.trySend(1)).toBe("closed");
  });
});

describe("a port", () => {
  test("wakes a sender that found it full when it is half empty", () => {
    const parking = newParking();
    const memory = newPort(4, parking);
    const [sender, receiver] = [new Port(memory, 0), new Port(memory, 1)];
    for (const value of [1, 2, 3, 4]) expect(sender.trySend(value)).toBe("sent");
    expect([sender.trySend(5), sender.room.isReady]).toEqual(["full", false]);
    new Parker(parking, 0).prepare();
    sender.room.waiters.add(0);
    receiver.tryRecv();
    expect([parking[0], sender.room.isReady]).toEqual([1, false]);
    receiver.tryRecv();
    expect([parking[0], sender.room.isReady]).toEqual([0, true]);
  });

  test("carries both directions, each in order", () => {
    const memory = newPort(2, newParking());
    const [a, b] = [new Port(memory, 0), new Port(memory, 1)];
    for (const value of [1, 2]) {
      a.trySend(value);
      b.trySend(-value);
    }
    expect([b.tryRecv(), b.tryRecv(), b.tryRecv()]).toEqual([1, 2, "empty"]);
    expect([a.tryRecv(), a.tryRecv(), a.tryRecv()]).toEqual([-1, -2, "empty"]);
  });

  test("wakes a thread that sleeps elsewhere, such as in a poll", () => {
    let wakes = 0;
    const memory = newPort(2, newParking());
    const program = new Port(memory, 0, () => {
      wakes += 1;
    });
    program.trySend(1);
    program.close();
    expect(wakes).toBe(2);
  });
});
