// The other thread of `just bench threads`: receives every message, and reports the sum.
import { parentPort, workerData } from "node:worker_threads";
import { Parker, type Parking } from "../../../examples/shared/threads/parker.ts";
import { Port, type PortMemory } from "../../../examples/shared/threads/port.ts";

/** What the thread is started with. It is thread 1. */
export interface SinkData {
  readonly port: PortMemory;
  readonly parking: Parking;
}

const { port, parking }: SinkData = workerData;
const parker = new Parker(parking, 1);
const mine = new Port(port, 1);
let sum = 0;
parentPort?.on("message", (value: number) => {
  // With `postMessage`, the last value is negative.
  if (value >= 0) sum += value;
  else parentPort?.postMessage(sum);
});
parentPort?.once("message", () => {
  for (let value = mine.recv(parker); value !== "closed"; value = mine.recv(parker))
    sum += value;
  parentPort?.postMessage(sum);
  sum = 0;
});
