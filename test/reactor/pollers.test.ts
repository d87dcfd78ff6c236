// The choice of a poller: the first that opens, and none after it is tried.
import { afterEach, expect, test, vi } from "vitest";
import { openPoll, POLLERS } from "../../examples/shared/poll/readiness/pollers.ts";
import { SimulatedNetwork } from "./sim/network.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("pollers are tried in order, and the first that opens is used", () => {
  const network = new SimulatedNetwork(1);
  const opened: string[] = [];
  for (const [place, poller] of POLLERS.entries()) {
    vi.spyOn(poller, "open").mockImplementation(() => {
      opened.push(poller.name);
      if (place < 2) throw new Error("Cannot open it: not here");
      return network.openSelector();
    });
  }
  openPoll().close();
  expect(opened).toEqual(POLLERS.slice(0, 3).map(({ name }) => name));
});

test("io_uring is another name of uring", () => {
  const uring = POLLERS.find(({ name }) => name === "uring");
  if (uring === undefined) throw new Error("no uring");
  vi.spyOn(uring, "open").mockImplementation(() => {
    throw new Error("uring was opened");
  });
  expect(() => openPoll({ poller: "io_uring" })).toThrow("uring was opened");
});

test("a poller that is chosen by name is opened once", () => {
  const [first] = POLLERS;
  if (first === undefined) throw new Error("no pollers");
  const network = new SimulatedNetwork(1);
  const open = vi.spyOn(first, "open").mockImplementation(() => network.openSelector());
  openPoll({ poller: first.name }).close();
  expect(open).toHaveBeenCalledTimes(1);
});
