// Runs the cases of the pollers on the simulated network, and shows that its faults
// corrupt no bytes, and are deterministic.
import { describe, expect, test } from "vitest";
import { TcpListener, TcpStream } from "../../examples/shared/poll/net.ts";
import { Events } from "../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../examples/shared/poll/readiness/interest.ts";
import { CASES } from "./conformance/all.ts";
import { faultsOf } from "./conformance/faults.ts";
import { runCase } from "./conformance/run.ts";
import type { Faults } from "./sim/fault-source.ts";
import { SimulatedNetwork } from "./sim/network.ts";

describe("without faults, cases that need neither a kernel nor threads:", () => {
  const able = CASES.filter(({ needs = [] }) => needs.length === 0);
  test.each(able.map(({ name }) => name))("%s", async (name) => {
    const found = CASES.find((one) => one.name === name);
    if (found === undefined) throw new Error(name);
    const network = new SimulatedNetwork(1);
    const environment = {
      poller: "simulated",
      sockets: network,
      open: () => network.openSelector(),
      faults: () => faultsOf(network),
      now: () => network.now,
    };
    const { state, reason } = await runCase(found, environment, new Set());
    expect(state, reason).toBe("passed");
    expect(network.size).toBe(0);
  });
});

const FAULTS: Faults = { chunks: true, blocked: 0.3, delay: 50 };

describe("with faults", () => {
  test.each(["level", "edge", "oneshot"] as const)(
    "everything arrives, in %s mode",
    (mode) => {
      for (let seed = 0; seed < 20; seed += 1) {
        const { got, lost } = talk(seed, FAULTS, mode);
        expect(lost, `seed ${seed}`).toBe(false);
        expect(got, `seed ${seed}`).toBe(SENT);
      }
    },
  );

  test("the same seed repeats a run, and another seed gives another", () => {
    const log = (seed: number) => talk(seed, FAULTS, "edge").log;
    expect(log(7)).toEqual(log(7));
    expect(log(7)).not.toEqual(log(8));
  });

  test("connections are reset, and the bytes before are a prefix of those sent", () => {
    const runs = Array.from({ length: 40 }, (_, seed) =>
      talk(seed, { ...FAULTS, reset: 0.005 }, "edge"),
    );
    expect(runs.some(({ lost }) => lost)).toBe(true);
    expect(runs.some(({ lost }) => !lost)).toBe(true);
    for (const { got } of runs) expect(SENT.startsWith(got)).toBe(true);
  });
});

test("accept is full without descriptors, and works again with one", () => {
  const network = new SimulatedNetwork(1, {}, 3);
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  const first = TcpStream.connect("127.0.0.1", 80, network);
  const second = TcpStream.connect("127.0.0.1", 80, network);
  expect(listener.accept()).toBe("full");
  first.close();
  expect(listener.accept()).toBeInstanceOf(TcpStream);
  second.close();
});

test("a wait that can never end is an error, not a hang", () => {
  const network = new SimulatedNetwork(1);
  const poll = network.openPoll();
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  poll.registry.register(listener, 1, READABLE);
  expect(() => poll.poll(new Events(8), null)).toThrow(/nothing is in flight/);
});

const SENT = "the kernel waits for no one, yet it lets us wait ".repeat(40);

/** A client sends SENT and shuts down. @returns What the server received, and a log. */
function talk(seed: number, faults: Faults, mode: "level" | "edge" | "oneshot") {
  const network = new SimulatedNetwork(seed, faults);
  const poll = network.openPoll();
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  const client = TcpStream.connect("127.0.0.1", 80, network);
  poll.registry.register(listener, 0, READABLE, mode);
  poll.registry.register(client, 1, WRITABLE, mode);
  const said = Buffer.from(SENT);
  const into = new Uint8Array(100);
  const events = new Events(2);
  const log: string[] = [];
  let server: TcpStream | undefined;
  let sent = 0;
  let got = "";
  for (;;) {
    poll.poll(events, null);
    for (const { token } of events) {
      if (token === 0) {
        const accepted = listener.accept();
        if (typeof accepted !== "string") {
          server = accepted;
          poll.registry.register(server, 2, READABLE, mode);
        } else if (mode === "oneshot") {
          poll.registry.reregister(listener, 0, READABLE, mode);
        }
      }
      while (token === 1) {
        const count = client.write(said.subarray(sent));
        log.push(`${network.now} wrote ${count}`);
        if (count === "reset") return { got, lost: true, log };
        if (count !== "blocked") sent += count;
        if (sent === said.length) {
          client.shutdown();
          poll.registry.deregister(client);
        } else if (mode === "oneshot") {
          poll.registry.reregister(client, 1, WRITABLE, mode);
        }
        if (count === "blocked" || sent === said.length) break;
      }
      while (token === 2 && server) {
        const count = server.read(into);
        log.push(`${network.now} read ${count}`);
        if (count === "reset") return { got, lost: true, log };
        if (count === "end") return { got, lost: false, log };
        if (count === "blocked") {
          if (mode === "oneshot") poll.registry.reregister(server, 2, READABLE, mode);
          break;
        }
        got += Buffer.from(into.subarray(0, count)).toString("latin1");
      }
    }
  }
}
