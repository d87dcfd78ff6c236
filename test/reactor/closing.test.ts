// Closing a source closes its descriptor, even when its poller throws.
import { expect, test } from "vitest";
import { TcpListener } from "../../examples/shared/poll/net.ts";
import { READABLE } from "../../examples/shared/poll/readiness/interest.ts";
import { Poll } from "../../examples/shared/poll/readiness/poll.ts";
import { SimulatedNetwork } from "./sim/network.ts";

test("a poller that fails to deregister a source leaks no descriptor", () => {
  const network = new SimulatedNetwork(1);
  const selector = network.openSelector();
  selector.deregister = () => {
    throw new Error("cannot deregister");
  };
  const poll = new Poll(selector);
  const listener = TcpListener.listen("127.0.0.1", 80, network);
  poll.registry.register(listener, 1, READABLE);
  expect(() => listener.close()).toThrow("cannot deregister");
  expect(listener.closed).toBe(true);
  expect(network.size).toBe(0);
});
