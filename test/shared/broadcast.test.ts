// broadcast: what its comments promise, by example and against a model.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Broadcast, Lagged, type Receiver } from "../../examples/shared/broadcast.ts";
import { collect, collectGarbage, turns, watch } from "./helpers.ts";

const END = { done: true, value: undefined };
const value = <T>(value: T) => ({ done: false, value });

function channelWith(capacity: number) {
  const channel = new Broadcast<number>(capacity);
  return { channel, inbox: channel.subscribe() };
}

function sendAll(channel: Broadcast<number>, ...values: number[]): void {
  for (const value of values) channel.send(value);
}

/** The values that can be read without waiting, then how reading ended. */
async function drain(inbox: Receiver<number>, count: number): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < count; n += 1) values.push(await inbox.recv());
  return values;
}

describe("a new channel", () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "cannot have the capacity %d",
    (capacity) => {
      const message = `Cannot make a channel of capacity ${capacity}`;
      expect(() => new Broadcast(capacity)).toThrow(new RangeError(message));
    },
  );

  test("may have the capacity 1", async () => {
    const { channel, inbox } = channelWith(1);
    channel.send(7);
    expect(await inbox.recv()).toBe(7);
  });

  test("has no receivers", () => {
    expect(new Broadcast(1).receiverCount).toBe(0);
  });
});

describe("sending", () => {
  test("reaches every receiver, in the order of sending", async () => {
    const channel = new Broadcast<number>(4);
    const [one, other] = [channel.subscribe(), channel.subscribe()];
    sendAll(channel, 1, 2, 3);
    expect(await drain(one, 3)).toEqual([1, 2, 3]);
    expect(await drain(other, 3)).toEqual([1, 2, 3]);
  });

  test("wakes every receiver that waits", async () => {
    const channel = new Broadcast<string>(1);
    const waiting = [channel.subscribe().recv(), channel.subscribe().recv()];
    channel.send("hello");
    expect(await Promise.all(waiting)).toEqual(["hello", "hello"]);
  });

  test("returns how many receivers there are", () => {
    const { channel, inbox } = channelWith(1);
    expect(channel.send(1)).toBe(1);
    channel.subscribe();
    expect(channel.send(2)).toBe(2);
    inbox.close();
    expect(channel.send(3)).toBe(1);
  });

  test("without receivers returns 0, and the value is lost", async () => {
    const channel = new Broadcast<number>(4);
    expect(channel.send(1)).toBe(0);
    const inbox = channel.subscribe();
    channel.send(2);
    expect(await inbox.recv()).toBe(2);
  });

  test("delivers undefined like any other value", async () => {
    const channel = new Broadcast<undefined>(1);
    const inbox = channel.subscribe();
    channel.send(undefined);
    expect(await inbox.next()).toEqual(value(undefined));
  });

  test("does not run a waiting receiver before it returns", async () => {
    const { channel, inbox } = channelWith(1);
    const order: string[] = [];
    const reading = inbox.recv().then(() => order.push("received"));
    channel.send(1);
    order.push("sent");
    await reading;
    expect(order).toEqual(["sent", "received"]);
  });

  test("on a closed channel throws", () => {
    const { channel } = channelWith(1);
    channel.close();
    const error = new Error("Cannot send: the channel is closed");
    expect(() => channel.send(1)).toThrow(error);
  });
});

describe("receiverCount", () => {
  test("counts receivers that have subscribed and not closed", () => {
    const { channel, inbox } = channelWith(1);
    const other = channel.subscribe();
    expect(channel.receiverCount).toBe(2);
    inbox.close();
    expect(channel.receiverCount).toBe(1);
    other.close();
    expect(channel.receiverCount).toBe(0);
  });

  test("counts a receiver that closes twice only once", () => {
    const { channel, inbox } = channelWith(1);
    channel.subscribe();
    inbox.close();
    inbox.close();
    expect(channel.receiverCount).toBe(1);
  });
});

describe("subscribing late", () => {
  test("yields only values sent from then on", async () => {
    const { channel } = channelWith(4);
    sendAll(channel, 1, 2);
    const late = channel.subscribe();
    channel.send(3);
    expect(await late.recv()).toBe(3);
  });

  test("to a full channel counts no loss", async () => {
    const { channel } = channelWith(2);
    sendAll(channel, 1, 2, 3, 4, 5);
    const late = channel.subscribe();
    sendAll(channel, 6, 7);
    expect(await drain(late, 2)).toEqual([6, 7]);
  });

  test("to a closed channel yields the end", async () => {
    const { channel } = channelWith(2);
    channel.send(1);
    channel.close();
    expect(await channel.subscribe().next()).toEqual(END);
  });
});

describe("falling behind", () => {
  test("is not a loss as long as the channel keeps everything", async () => {
    const { channel, inbox } = channelWith(4);
    sendAll(channel, 0, 1, 2, 3);
    expect(await drain(inbox, 4)).toEqual([0, 1, 2, 3]);
  });

  test("is reported once, with the exact count, and reading resumes at the oldest kept value", async () => {
    const { channel, inbox } = channelWith(4);
    sendAll(channel, 0, 1, 2, 3, 4, 5, 6);
    const error = await inbox.recv().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Lagged);
    expect(error).toMatchObject({
      name: "Lagged",
      missed: 3,
      message: "Cannot keep up: 3 messages missed",
    });
    expect(await drain(inbox, 4)).toEqual([3, 4, 5, 6]);
    channel.send(7);
    expect(await inbox.recv()).toBe(7);
  });

  test("counts from the last value read", async () => {
    const { channel, inbox } = channelWith(2);
    channel.send(0);
    await inbox.recv();
    sendAll(channel, 1, 2, 3);
    await expect(inbox.recv()).rejects.toMatchObject({ missed: 1 });
    expect(await drain(inbox, 2)).toEqual([2, 3]);
  });

  test("again after a report is reported again", async () => {
    const { channel, inbox } = channelWith(2);
    sendAll(channel, 0, 1, 2);
    await expect(inbox.recv()).rejects.toMatchObject({ missed: 1 });
    sendAll(channel, 3, 4);
    await expect(inbox.recv()).rejects.toMatchObject({ missed: 2 });
    expect(await drain(inbox, 2)).toEqual([3, 4]);
  });

  test("costs the others nothing", async () => {
    const { channel, inbox } = channelWith(1);
    const quick = channel.subscribe();
    for (const n of [0, 1, 2]) {
      channel.send(n);
      expect(await quick.recv()).toBe(n);
    }
    await expect(inbox.recv()).rejects.toMatchObject({ missed: 2 });
  });

  test("is reported by next() too, even when the channel has closed meanwhile", async () => {
    const { channel, inbox } = channelWith(1);
    sendAll(channel, 0, 1);
    channel.close();
    await expect(inbox.next()).rejects.toThrow(new Lagged(1));
    expect(await inbox.next()).toEqual(value(1));
    expect(await inbox.next()).toEqual(END);
  });

  test("ends a for await, and the next one resumes", async () => {
    const { channel, inbox } = channelWith(2);
    sendAll(channel, 0, 1, 2);
    await expect(collect(inbox)).rejects.toThrow(Lagged);
    channel.close();
    expect(await collect(inbox)).toEqual([1, 2]);
  });

  test("does not happen to a waiting receiver while many values are sent", async () => {
    const { channel, inbox } = channelWith(2);
    const reading = inbox.recv();
    sendAll(channel, 0, 1, 2);
    expect(await reading).toBe(0);
    expect(await drain(inbox, 2)).toEqual([1, 2]);
  });
});

describe("closing the channel", () => {
  test("yields the kept values, then the end, and the end again", async () => {
    const { channel, inbox } = channelWith(4);
    sendAll(channel, 1, 2);
    channel.close();
    expect(await inbox.next()).toEqual(value(1));
    expect(await inbox.next()).toEqual(value(2));
    expect(await inbox.next()).toEqual(END);
    expect(await inbox.next()).toEqual(END);
  });

  test("yields the end to all waiting receivers", async () => {
    const { channel, inbox } = channelWith(1);
    const waiting = [inbox.next(), channel.subscribe().next()];
    channel.close();
    expect(await Promise.all(waiting)).toEqual([END, END]);
  });

  test("ends a for await", async () => {
    const { channel, inbox } = channelWith(4);
    const all = collect(inbox);
    sendAll(channel, 1, 2, 3);
    await turns();
    channel.close();
    expect(await all).toEqual([1, 2, 3]);
  });

  test("makes recv() throw when everything was read", async () => {
    const { channel, inbox } = channelWith(1);
    channel.send(1);
    channel.close();
    expect(await inbox.recv()).toBe(1);
    const error = new Error("Cannot receive: the channel is closed");
    await expect(inbox.recv()).rejects.toThrow(error);
  });

  test("makes a waiting recv() throw", async () => {
    const { channel, inbox } = channelWith(1);
    const reading = inbox.recv();
    channel.close();
    await expect(reading).rejects.toThrow("Cannot receive: the channel is closed");
  });

  test("twice is the same as once", async () => {
    const { channel, inbox } = channelWith(1);
    channel.close();
    channel.close();
    expect(await inbox.next()).toEqual(END);
  });
});

describe("closing a receiver", () => {
  test("yields the end to its waiting call, and leaves other receivers waiting", async () => {
    const { channel, inbox } = channelWith(1);
    const other = channel.subscribe().next();
    const watched = watch(other);
    const waiting = inbox.next();
    inbox.close();
    expect(await waiting).toEqual(END);
    await turns();
    expect(watched.settled).toBe(false);
    channel.send(1);
    expect(await other).toEqual(value(1));
  });

  test("makes its recv() throw, even if values are kept", async () => {
    const { channel, inbox } = channelWith(1);
    channel.send(1);
    inbox.close();
    expect(await inbox.next()).toEqual(END);
    await expect(inbox.recv()).rejects.toThrow("Cannot receive: the channel is closed");
  });

  test("is what leaving a for await does", async () => {
    const { channel, inbox } = channelWith(4);
    sendAll(channel, 1, 2);
    for await (const first of inbox) {
      expect(first).toBe(1);
      break;
    }
    expect(channel.receiverCount).toBe(0);
    expect(await inbox.next()).toEqual(END);
  });

  test("is what return() does, and it yields the end", async () => {
    const { channel, inbox } = channelWith(1);
    const waiting = inbox.next();
    expect(await inbox.return()).toEqual(END);
    expect(await waiting).toEqual(END);
    expect(channel.receiverCount).toBe(0);
  });
});

describe("two calls of next() at once", () => {
  test("are refused, and the first still gets the value", async () => {
    const { channel, inbox } = channelWith(2);
    const first = inbox.next();
    await expect(inbox.next()).rejects.toThrow("Cannot receive twice at once");
    await expect(inbox.recv()).rejects.toThrow("Cannot receive twice at once");
    sendAll(channel, 1, 2);
    expect(await first).toEqual(value(1));
    expect(await inbox.next()).toEqual(value(2));
  });

  test("succeed when there is a value for both", async () => {
    const { channel, inbox } = channelWith(2);
    sendAll(channel, 1, 2);
    expect(await Promise.all([inbox.next(), inbox.next()])).toEqual([value(1), value(2)]);
  });
});

describe("what the channel keeps", () => {
  /** Sends four objects without keeping references to them. */
  function sendObjects(channel: Broadcast<object>): WeakRef<object>[] {
    return Array.from({ length: 4 }, (_, number) => {
      const value = { number };
      channel.send(value);
      return new WeakRef(value);
    });
  }

  /** The number of them that are still reachable. */
  async function kept(values: WeakRef<object>[]): Promise<number> {
    await collectGarbage();
    return values.filter((value) => value.deref() !== undefined).length;
  }

  test("is nothing once its last receiver has closed", async () => {
    const channel = new Broadcast<object>(8);
    const [one, other] = [channel.subscribe(), channel.subscribe()];
    const values = sendObjects(channel);
    await one.recv();
    one.close();
    expect(await kept(values)).toBe(4);
    other.close();
    expect(await kept(values)).toBe(0);
    expect(channel.receiverCount).toBe(0);
  });

  test("is nothing when it sends without receivers", async () => {
    const channel = new Broadcast<object>(8);
    const values = sendObjects(channel);
    expect(await kept(values)).toBe(0);
    expect(channel.receiverCount).toBe(0);
  });

  test("is nothing once it and its last receiver are closed", async () => {
    const channel = new Broadcast<object>(8);
    const inbox = channel.subscribe();
    const values = sendObjects(channel);
    channel.close();
    expect(await kept(values)).toBe(4);
    await inbox.return();
    expect(await kept(values)).toBe(0);
    expect(channel.receiverCount).toBe(0);
  });

  test("starts again with a new receiver after the last one closed", async () => {
    const { channel, inbox } = channelWith(3);
    sendAll(channel, 1, 2, 3, 4);
    inbox.close();
    channel.send(5);
    const next = channel.subscribe();
    sendAll(channel, 6, 7, 8, 9);
    expect(await inbox.next()).toEqual(END);
    await expect(next.recv()).rejects.toMatchObject({ missed: 1 });
    expect(await drain(next, 3)).toEqual([7, 8, 9]);
  });
});

describe("a receiver that was dropped without closing", () => {
  test("is not held by the channel when it never waited", async () => {
    const channel = new Broadcast<number>(1);
    const dropped = new WeakRef(channel.subscribe());
    channel.send(1);
    await collectGarbage();
    expect(dropped.deref()).toBeUndefined();
    expect(channel.send(2)).toBe(1);
  });

  test("is not held by the channel when it has waited before", async () => {
    const channel = new Broadcast<number>(1);
    const waitOnce = async () => {
      const inbox = channel.subscribe();
      const reading = inbox.recv();
      channel.send(1);
      await reading;
      return new WeakRef(inbox);
    };
    const dropped = await waitOnce();
    await collectGarbage();
    expect(dropped.deref()).toBeUndefined();
    expect(channel.send(2)).toBe(1);
  });

  test("is held by the channel while it waits, and gets its value", async () => {
    const channel = new Broadcast<number>(1);
    const reading = channel.subscribe().recv();
    await collectGarbage();
    channel.send(1);
    expect(await reading).toBe(1);
  });
});

describe("against a model", () => {
  type Action =
    | { do: "send" }
    | { do: "subscribe" }
    | { do: "next"; who: number }
    | { do: "closeReceiver"; who: number }
    | { do: "closeChannel" };

  const actions = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ do: fc.constant("send" as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("subscribe" as const) }) },
      {
        weight: 10,
        arbitrary: fc.record({ do: fc.constant("next" as const), who: fc.nat(9) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("closeReceiver" as const),
          who: fc.nat(9),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("closeChannel" as const) }) },
    ),
    { maxLength: 80, size: "max" },
  );

  /** The result of a call of next(). */
  type Answer = { got: number } | { missed: number } | "end" | "refused";

  /** A real receiver and its results, next to the expected ones. */
  class Pair {
    readonly answers: Answer[] = [];
    readonly expected: Answer[] = [];
    /** The first value sent after it subscribed. */
    readonly from: number;
    readonly #receiver: Receiver<number>;
    /** The model: a plain queue of everything unread, trimmed only when it reads. */
    readonly #queue: number[] = [];
    readonly #capacity: number;
    #waits = false;
    ended = false;
    closed = false;

    constructor(
      receiver: Receiver<number>,
      from: number,
      capacity: number,
      over: boolean,
    ) {
      this.#receiver = receiver;
      this.from = from;
      this.#capacity = capacity;
      this.ended = over;
    }

    next(): void {
      this.#receiver.next().then(
        ({ done, value }) => this.answers.push(done ? "end" : { got: value }),
        (error: unknown) =>
          this.answers.push(
            error instanceof Lagged ? { missed: error.missed } : "refused",
          ),
      );
      if (this.#waits) {
        this.expected.push("refused");
      } else {
        this.#waits = true;
        this.#answer();
      }
    }

    send(value: number): void {
      if (!this.closed) this.#queue.push(value);
      this.#answer();
    }

    end(): void {
      this.ended = true;
      this.#answer();
    }

    close(): void {
      this.#receiver.close();
      this.closed = true;
      this.#queue.length = 0;
      this.end();
    }

    #answer(): void {
      const lost = this.#queue.length - this.#capacity;
      if (!this.#waits || (this.#queue.length === 0 && !this.ended)) return;
      this.#waits = false;
      if (lost > 0) this.#queue.splice(0, lost);
      const value = lost > 0 ? undefined : this.#queue.shift();
      if (lost > 0) this.expected.push({ missed: lost });
      else this.expected.push(value === undefined ? "end" : { got: value });
    }

    get waits(): boolean {
      return this.#waits;
    }
  }

  /** Checks one receiver's results by their numbers alone, without a model of the channel. */
  function checkNumbers(pair: Pair, sent: number): void {
    let next = pair.from;
    for (const answer of pair.answers) {
      if (typeof answer === "string") continue;
      if ("missed" in answer) {
        expect(answer.missed).toBeGreaterThan(0);
        next += answer.missed;
      } else {
        expect(answer.got).toBe(next);
        next += 1;
      }
    }
    if (pair.closed) expect(next).toBeLessThanOrEqual(sent);
    else expect(next).toBe(sent);
  }

  test("every receiver gets or misses each value sent to it, once and in order", async () => {
    const run = async (capacity: number, todo: Action[]) => {
      const channel = new Broadcast<number>(capacity);
      const pairs: Pair[] = [];
      let sent = 0;
      let over = false;
      const open = () => pairs.filter((pair) => !pair.closed).length;

      const perform = (action: Action) => {
        const pair = "who" in action ? pairs[action.who % pairs.length] : undefined;
        if (action.do === "subscribe") {
          pairs.push(new Pair(channel.subscribe(), sent, capacity, over));
        } else if (action.do === "closeChannel") {
          channel.close();
          over = true;
          for (const pair of pairs) pair.end();
        } else if (action.do === "next") {
          pair?.next();
        } else if (action.do === "closeReceiver") {
          pair?.close();
        } else if (over) {
          expect(() => channel.send(sent)).toThrow("closed");
        } else {
          expect(channel.send(sent)).toBe(open());
          for (const pair of pairs) pair.send(sent);
          sent += 1;
        }
      };

      for (const action of todo) {
        perform(action);
        await turns();
        for (const pair of pairs) expect(pair.answers).toEqual(pair.expected);
        expect(channel.receiverCount).toBe(open());
      }

      perform({ do: "closeChannel" });
      for (const pair of pairs) {
        while (pair.answers.at(-1) !== "end") {
          if (!pair.waits) pair.next();
          await turns();
        }
        expect(pair.answers).toEqual(pair.expected);
        checkNumbers(pair, sent);
      }
    };
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), actions, run), {
      numRuns: 300,
    });
  });

  test("receivers that read while others send lose nothing in a large channel", async () => {
    const schedule = async (scheduler: fc.Scheduler, count: number) => {
      const channel = new Broadcast<number>(count);
      const inboxes = [channel.subscribe(), channel.subscribe()];
      const reading = inboxes.map(async (inbox) => {
        const all: number[] = [];
        for await (const value of inbox) {
          all.push(value);
          await scheduler.schedule(Promise.resolve(), "read");
        }
        return all;
      });
      const sending = (async () => {
        for (let n = 0; n < count; n += 1) {
          await scheduler.schedule(Promise.resolve(), "send");
          channel.send(n);
        }
        channel.close();
      })();
      await scheduler.waitFor(Promise.all([sending, ...reading]));
      const numbers = Array.from({ length: count }, (_, n) => n);
      expect(await Promise.all(reading)).toEqual([numbers, numbers]);
    };
    const count = fc.integer({ min: 1, max: 20 });
    await fc.assert(fc.asyncProperty(fc.scheduler(), count, schedule));
  });
});
