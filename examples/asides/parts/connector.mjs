// A client in a thread with its own event loop: it connects, writes, and reports that in
// shared memory. Plain JavaScript, like parts/counter.mjs.
// @ts-check
import { connect } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** @type {{ memory: SharedArrayBuffer, port: number }} */
const { memory, port } = workerData;
const words = new Int32Array(memory);
const [CONNECTED, START] = [0, 1];

parentPort?.postMessage("ready");
Atomics.wait(words, START, 0);
const socket = connect(port, "127.0.0.1", () => {
  socket.end("hello", () => {
    Atomics.store(words, CONNECTED, 1);
    Atomics.notify(words, CONNECTED);
  });
});
