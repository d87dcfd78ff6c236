// The reactor and the loop of r6, on a network in memory: which handler runs, and which
// events it gets.
import { expect, test } from "vitest";
import { EventLoop } from "../../../examples/r6-reactor/event-loop.ts";
import {
  EventHandler,
  READINESS,
  type Readiness,
} from "../../../examples/r6-reactor/handler.ts";
import { Reactor } from "../../../examples/r6-reactor/reactor.ts";
import { TcpListener, TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import { SimulatedNetwork } from "../sim/network.ts";

/** A handler that records its turns, and may act in each. */
class Noting extends EventHandler {
  readonly turns: Readiness[] = [];
  readonly #log: string[];
  readonly #name: string;
  act: () => boolean = () => false;

  constructor(name: string, log: string[] = []) {
    super();
    this.#name = name;
    this.#log = log;
  }

  handle(readiness: Readiness): boolean {
    this.turns.push(readiness);
    this.#log.push(this.#name);
    return this.act();
  }
}

function open() {
  const network = new SimulatedNetwork(1);
  const poll = network.openPoll();
  const reactor = new Reactor(poll);
  const loop = new EventLoop(reactor);
  const events = new Events(16);
  return {
    network,
    loop,
    reactor,

    /** A wait with timeout 0, and a turn. */
    turn: () => {
      poll.poll(events, 0);
      return loop.turn(events);
    },
  };
}

test("a handler gets one turn for all of its events", () => {
  const { loop, turn } = open();
  const handler = new Noting("ann");
  loop.notify(handler, READINESS.time);
  loop.notify(handler, READINESS.message);
  turn();
  turn();
  expect(handler.turns).toEqual([READINESS.time | READINESS.message]);
});

test("a handler with more to do runs again after the others", () => {
  const log: string[] = [];
  const { loop, turn } = open();
  const [greedy, ann, bob] = ["greedy", "ann", "bob"].map(
    (name) => new Noting(name, log),
  );
  if (!greedy || !ann || !bob) throw new Error();
  greedy.act = () => true;
  // Bob becomes ready during ann's turn.
  ann.act = () => {
    loop.notify(bob, READINESS.message);
    return false;
  };
  loop.notify(greedy, READINESS.message);
  loop.notify(ann, READINESS.message);
  expect([turn(), turn()]).toEqual([0, 0]);
  expect(log).toEqual(["greedy", "ann", "greedy", "bob"]);
});

test("a removed handler gets no turn, not even for pending events", () => {
  const { loop, turn } = open();
  const [ann, bob] = [new Noting("ann"), new Noting("bob")];
  ann.act = () => {
    loop.forget(bob);
    return false;
  };
  loop.setTimer(bob, 0);
  loop.notify(ann, READINESS.message);
  loop.notify(bob, READINESS.message);
  turn();
  turn();
  expect(bob.turns).toEqual([]);
});

test("a registration reaches the kernel at the end of the turn, and its events the handler", () => {
  const { network, loop, reactor, turn } = open();
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  const handler = new Noting("listener");
  const token = reactor.register(handler, listener, READABLE);
  const client = TcpStream.connect("127.0.0.1", 80, network);
  expect(listener.watcher).toBeUndefined();
  turn();
  turn();
  expect(handler.turns).toEqual([READINESS.readable]);
  reactor.unregister(token, listener);
  turn();
  expect(listener.watcher).toBeUndefined();
  expect(loop.reactor.handlerOf(token)).toBeUndefined();
  client.close();
});

test("a source added and removed within a turn never reaches the kernel", () => {
  const { network, reactor, turn } = open();
  TcpListener.listen("127.0.0.1", 80, network);
  const stream = TcpStream.connect("127.0.0.1", 80, network);
  const handler = new Noting("ann");
  const token = reactor.register(handler, stream, READABLE | WRITABLE);
  reactor.unregister(token, stream);
  stream.close();
  turn();
  turn();
  expect(handler.turns).toEqual([]);
});

test("a source paused and resumed within a turn stays registered", () => {
  const { network, reactor, turn } = open();
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  const handler = new Noting("listener");
  const first = reactor.register(handler, listener, READABLE);
  turn();
  reactor.unregister(first, listener);
  reactor.register(handler, listener, READABLE);
  turn();
  TcpStream.connect("127.0.0.1", 80, network);
  turn();
  expect(handler.turns).toEqual([READINESS.readable]);
});

test("the handler is notified when the kernel refuses a registration", () => {
  const { network, reactor, turn } = open();
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  const [one, two] = [new Noting("one"), new Noting("two")];
  reactor.register(one, listener, READABLE);
  // The same source twice: EEXIST stands for any error of the kernel.
  reactor.register(two, listener, READABLE);
  expect(turn()).toBe(0);
  turn();
  expect([one.turns, two.turns]).toEqual([[], [READINESS.unwatched]]);
});

test("a wake is delivered to every handler that subscribed to it", () => {
  const { reactor, turn } = open();
  const [files, stop] = [new Noting("files"), new Noting("stop")];
  reactor.onWake(files);
  reactor.onWake(stop);
  reactor.waker.wake();
  turn();
  expect([files.turns, stop.turns]).toEqual([[READINESS.message], [READINESS.message]]);
});

test("waits for the next timer, not at all when a handler is ready, and ends on request", () => {
  const { loop, turn } = open();
  expect(turn()).toBe(null);
  const handler = new Noting("ann");
  loop.setTimer(handler, 1e6);
  expect(turn()).toBeGreaterThan(0);
  loop.setTimer(handler, 0);
  expect(turn()).toBe(0);
  turn();
  expect(handler.turns).toEqual([READINESS.time]);
  loop.end();
  expect(turn()).toBe("end");
});
