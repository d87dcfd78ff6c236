// A runtime on a network in memory. Its clock jumps where a real program would wait.
import { expect } from "vitest";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import {
  coroutine,
  type Steps,
  wait,
} from "../../../examples/shared/runtime/coroutine.ts";
import {
  type Future,
  PENDING,
  type Waker,
} from "../../../examples/shared/runtime/future.ts";
import type { AsyncStream } from "../../../examples/shared/runtime/net.ts";
import { Runtime } from "../../../examples/shared/runtime/runtime.ts";
import { SimulatedNetwork } from "../../reactor/sim/network.ts";

/** The time limit of any test, in milliseconds of the network's clock. */
const LONGEST = 1e7;

type Weather = ConstructorParameters<typeof SimulatedNetwork>[1];

export class Lab {
  readonly network: SimulatedNetwork;
  readonly runtime: Runtime;
  /** The errors of tasks that were not joined. */
  readonly errors: unknown[] = [];
  readonly #poll;
  readonly #events = new Events(64);
  #rest: number | null = 0;

  constructor(seed = 1, weather: Weather = {}, limit?: number) {
    this.network = new SimulatedNetwork(seed, weather, limit);
    this.#poll = this.network.openPoll();
    const failed = (error: unknown) => void this.errors.push(error);
    this.runtime = new Runtime(this.#poll, failed, () => this.network.now);
  }

  /** Both ends of a connection. */
  *pair(sockets: Sockets = this.network): Steps<readonly [AsyncStream, AsyncStream]> {
    const listener = this.runtime.listen("127.0.0.1", 0, sockets);
    const client = this.runtime.connect("127.0.0.1", listener.port, sockets);
    const server = yield* wait(listener.accept());
    listener.close();
    if (typeof server === "string") throw new Error(`no connection: ${server}`);
    return [client, server];
  }

  /** Runs until a condition holds. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.network.now > LONGEST) throw new Error("the condition never held");
      this.#poll.poll(this.#events, Math.min(this.#rest ?? LONGEST * 2, LONGEST * 2));
      const next = this.runtime.turn(this.#events);
      this.#rest = next === "end" ? 0 : next;
      // Promises run between two turns.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Runs a coroutine to its end. @throws What it throws. */
  async run<Value>(steps: Steps<Value>): Promise<Value> {
    const handle = this.runtime.spawn(coroutine(steps));
    // This joins the task: its error is thrown here.
    handle.poll(silent);
    await this.until(() => handle.isFinished);
    return handle.poll(silent) as Value;
  }

  /** Asserts that nothing is left open. */
  isEmpty(): void {
    expect(this.runtime.counts).toEqual({ tasks: 0, sockets: 0, timers: 0 });
    expect(this.errors).toEqual([]);
  }
}

/** A waker for manual polls, which counts its wakes. */
export class CountingWaker implements Waker {
  wakes = 0;

  wake(): void {
    this.wakes += 1;
  }

  consumeBudget(): boolean {
    return true;
  }

  spend(): void {}
}

const silent = new CountingWaker();

/** A future whose value the test sets, and which counts its polls and drops. */
export class Probe<Value> implements Future<Value> {
  polls = 0;
  drops = 0;
  #value: { value: Value } | undefined;
  #waker: Waker | undefined;

  set(value: Value): void {
    this.#value = { value };
    this.#waker?.wake();
  }

  poll(waker: Waker): Value | typeof PENDING {
    this.polls += 1;
    this.#waker = waker;
    return this.#value ? this.#value.value : PENDING;
  }

  drop(): void {
    this.drops += 1;
    this.#waker = undefined;
  }
}
