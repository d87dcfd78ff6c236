// Sockets and channels as futures, on a network in memory with injected errors.
import { constants } from "node:os";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { SysError } from "../../../examples/shared/poll/ffi.ts";
import { Registry } from "../../../examples/shared/poll/readiness/poll.ts";
import { Channel, CLOSED } from "../../../examples/shared/runtime/channel.ts";
import {
  coroutine,
  type Steps,
  wait,
} from "../../../examples/shared/runtime/coroutine.ts";
import { PENDING } from "../../../examples/shared/runtime/future.ts";
import type { AsyncStream } from "../../../examples/shared/runtime/net.ts";
import { join } from "../../../examples/shared/runtime/race.ts";
import { LATE } from "../../../examples/shared/runtime/timers.ts";
import { FaultySockets } from "../../reactor/sim/faults.ts";
import { CountingWaker, Lab } from "./lab.ts";

const { EHOSTDOWN, ENOBUFS, EMFILE, EPERM } = constants.errno as Record<string, number>;

/** Reads until the end. */
function* all(stream: AsyncStream): Steps<string> {
  const bytes = Buffer.alloc(100);
  let text = "";
  for (;;) {
    const count = yield* wait(stream.recv(bytes));
    if (typeof count !== "number") return `${text}${count === "end" ? "" : ` ${count}`}`;
    text += bytes.toString("latin1", 0, count);
  }
}

describe("sockets", () => {
  test("send and receive everything, under any network faults", async () => {
    const said = "0123456789".repeat(2000);
    for (let seed = 0; seed < 5; seed += 1) {
      const lab = new Lab(seed, { chunks: true, blocked: 0.4, delay: 20 });
      const both = function* (): Steps<string> {
        const [client, server] = yield* lab.pair();
        const talk = function* (): Steps<void> {
          expect(yield* wait(client.connected())).toBeUndefined();
          yield* wait(client.send(Buffer.from(said)));
          client.shutdown();
        };
        const talking = lab.runtime.spawn(coroutine(talk()));
        const received = yield* all(server);
        yield* wait(talking);
        client.close();
        server.close();
        return received;
      };
      expect(await lab.run(both())).toBe(said);
      lab.isEmpty();
      expect(lab.network.size).toBe(0);
    }
  });

  test("a dropped recv loses nothing", async () => {
    const lab = new Lab(3, { delay: 30 });
    const steps = function* (): Steps<string> {
      const [client, server] = yield* lab.pair();
      const bytes = Buffer.alloc(10);
      const { timers } = lab.runtime;
      let late = 0;
      yield* wait(timers.sleep(40));
      yield* wait(client.send(Buffer.from("hello")));
      for (;;) {
        const got = yield* wait(timers.timeout(server.recv(bytes), 1));
        if (got === LATE) {
          late += 1;
          continue;
        }
        expect(late).toBeGreaterThan(0);
        client.close();
        server.close();
        return bytes.toString("latin1", 0, Number(got));
      }
    };
    expect(await lab.run(steps())).toBe("hello");
    lab.isEmpty();
  });

  test("a refused connection reports ECONNREFUSED", async () => {
    const lab = new Lab();
    const stream = lab.runtime.connect("127.0.0.1", 9, lab.network);
    const error = await lab.run(wait(stream.connected()));
    expect(error?.message).toMatch(/ECONNREFUSED/);
    stream.close();
    lab.isEmpty();
  });

  test.each([
    ["recv", EHOSTDOWN],
    ["send", ENOBUFS],
  ] as const)("an error of %s ends only that connection", async (call, error = 0) => {
    const lab = new Lab();
    const sockets = new FaultySockets(lab.network);
    const steps = function* (): Steps<unknown[]> {
      const pairs = [yield* lab.pair(sockets), yield* lab.pair(sockets)];
      sockets.fail(call, error);
      const received: unknown[] = [];
      for (const [client, server] of pairs) {
        received.push(yield* wait(client.send(Buffer.from("x"))));
        client.shutdown();
        received.push(yield* all(server));
        client.close();
        server.close();
      }
      return received;
    };
    const received = await lab.run(steps());
    expect(received.slice(2)).toEqual(["sent", "x"]);
    expect(received.slice(0, 2)).toEqual(
      call === "recv" ? ["sent", " reset"] : ["reset", ""],
    );
    lab.isEmpty();
  });

  test.each([
    ["EPERM", EPERM, "a client"],
    ["EMFILE", EMFILE, "full"],
    ["ENOBUFS", ENOBUFS, "full"],
  ] as const)("accept with %s gives %s", async (_, error = 0, expected) => {
    const lab = new Lab();
    const sockets = new FaultySockets(lab.network);
    sockets.fail("accept", error);
    const steps = function* (): Steps<string> {
      const listener = lab.runtime.listen("127.0.0.1", 0, sockets);
      const client = lab.runtime.connect("127.0.0.1", listener.port, sockets);
      const first = yield* wait(listener.accept());
      const accepted = first === "full" ? yield* wait(listener.accept()) : first;
      if (typeof accepted === "object") accepted.close();
      else expect(accepted).toBe("a client");
      client.close();
      listener.close();
      expect(yield* wait(listener.accept())).toBe("closed");
      return typeof first === "object" ? "a client" : first;
    };
    expect(await lab.run(steps())).toBe(expected);
    lab.isEmpty();
  });

  test("a client that cannot be registered is closed, and the next one is accepted", async () => {
    const lab = new Lab();
    const { register } = Registry.prototype;
    const steps = function* (): Steps<void> {
      const listener = lab.runtime.listen("127.0.0.1", 0, lab.network);
      const connect = () => lab.runtime.connect("127.0.0.1", listener.port, lab.network);
      const clients = [connect()];
      let times = 0;
      const spy = vi.spyOn(Registry.prototype, "register").mockImplementation(function (
        this: Registry,
        ...args
      ) {
        times += 1;
        if (times <= 1) throw new SysError("watch a socket", constants.errno.ENOSPC);
        register.apply(this, args);
      });
      const accepting = lab.runtime.spawn(listener.accept());
      yield* wait(lab.runtime.timers.sleep(1));
      spy.mockRestore();
      // No other client is in the backlog: the accept must still be pending.
      clients.push(connect());
      const accepted = yield* wait(accepting);
      expect(yield* all(clients[0] as AsyncStream)).toBe("");
      expect(accepted).toBeTypeOf("object");
      if (typeof accepted === "object") accepted.close();
      for (const client of clients) client.close();
      listener.close();
    };
    await lab.run(steps());
    lab.isEmpty();
  });

  test("closing wakes waiting tasks, and later calls are refused", async () => {
    const lab = new Lab();
    const steps = function* (): Steps<unknown> {
      const [client, server] = yield* lab.pair();
      const reading = lab.runtime.spawn(server.recv(Buffer.alloc(1)));
      const waiting = lab.runtime.spawn(server.writeClosed());
      yield* wait(lab.runtime.timers.sleep(1));
      server.close();
      server.close();
      client.reset();
      yield* wait(waiting);
      return [yield* wait(reading), yield* wait(server.send(Buffer.from("x")))];
    };
    expect(await lab.run(steps())).toEqual(["reset", "reset"]);
    lab.isEmpty();
  });
});

test("a future that does not wait can be dropped while another one waits", async () => {
  const lab = new Lab();
  const steps = function* (): Steps<void> {
    const listener = lab.runtime.listen("127.0.0.1", 0, lab.network);
    const [client, server] = yield* lab.pair();
    const [unused, bytes] = [Buffer.alloc(1), Buffer.alloc(1)];
    const over = server.recv(unused);
    yield* wait(client.send(Buffer.from("x")));
    yield* wait(over);
    const waiting = [server.recv(bytes), server.writeClosed(), listener.accept()];
    const tasks = waiting.map((future) => lab.runtime.spawn<unknown>(future));
    yield* wait(lab.runtime.timers.sleep(1));
    over.drop();
    for (const other of [server.recv(unused), server.writeClosed(), listener.accept()]) {
      other.drop();
    }
    const another = lab.runtime.connect("127.0.0.1", listener.port, lab.network);
    client.reset();
    const [, , accepted] = yield* wait(join(tasks));
    for (const one of [another, server, accepted as AsyncStream, listener]) one.close();
  };
  await lab.run(steps());
  lab.isEmpty();
});

describe("a channel", () => {
  test("delivers each value to one receiver, in order, with backpressure", async () => {
    const lab = new Lab();
    const channel = new Channel<number>(2);
    const got: number[] = [];
    const send = function* (): Steps<void> {
      for (let value = 0; value < 20; value += 1) {
        expect(channel.length).toBeLessThanOrEqual(2);
        expect(yield* wait(channel.send(value))).toBe("sent");
      }
      channel.close();
    };
    const receive = function* (): Steps<void> {
      for (;;) {
        const value = yield* wait(channel.recv());
        if (value === CLOSED) return;
        got.push(value);
      }
    };
    for (const steps of [receive, receive, send]) lab.runtime.spawn(coroutine(steps()));
    await lab.until(() => lab.runtime.counts.tasks === 0);
    expect(got).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(await lab.run(wait(channel.send(1)))).toBe(CLOSED);
    lab.isEmpty();
  });

  test("a receiver dropped after its wake passes the wake on", () => {
    const channel = new Channel<number>(1);
    const [first, second] = [channel.recv(), channel.recv()];
    const wakers = [new CountingWaker(), new CountingWaker()] as const;
    expect([first.poll(wakers[0]), second.poll(wakers[1])]).toEqual([PENDING, PENDING]);
    channel.trySend(7);
    expect([wakers[0].wakes, wakers[1].wakes]).toEqual([1, 0]);
    first.drop();
    expect(wakers[1].wakes).toBe(1);
    expect([second.poll(wakers[1]), channel.waiting]).toEqual([7, 0]);
  });

  test("loses and duplicates nothing, whichever side is dropped", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 40 }), async (patience) => {
        const lab = new Lab();
        const channel = new Channel<number>(1);
        const { timers } = lab.runtime;
        const [sent, got]: [number[], number[]] = [[], []];
        for (const [at, ms] of patience.entries()) {
          const steps = function* (): Steps<void> {
            yield* wait(timers.sleep(at % 5));
            if (at % 2 === 0) {
              const end = yield* wait(timers.timeout(channel.send(at), ms));
              if (end === "sent") sent.push(at);
            } else {
              const value = yield* wait(timers.timeout(channel.recv(), ms));
              if (typeof value === "number") got.push(value);
            }
          };
          lab.runtime.spawn(coroutine(steps()));
        }
        await lab.until(() => lab.runtime.counts.tasks === 0);
        const left = channel.tryRecv();
        if (typeof left === "number") got.push(left);
        expect(got.sort((a, b) => a - b)).toEqual(sent.sort((a, b) => a - b));
        expect([channel.waiting, channel.length]).toEqual([0, 0]);
        lab.isEmpty();
      }),
      { numRuns: 40 },
    );
  });
});
