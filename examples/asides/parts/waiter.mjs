// A thread that waits for a connection: in `accept`, or with an epoll. It says whether one
// came in time. Plain JavaScript, because what loads TypeScript in the main thread does not
// reach a worker on Node 20.
// @ts-check
import { parentPort, workerData } from "node:worker_threads";
import koffi from "koffi";

/** @type {{ how: string, fd: number, patience: number, start: Int32Array }} */
const { how, fd, patience, start } = workerData;
const libc = koffi.load(null);
const accept = libc.func("int accept(int, void *address, void *length)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");

parentPort?.postMessage("ready");
Atomics.wait(start, 0, 0);
const found =
  how === "accept"
    ? accept(fd, null, null) !== -1
    : epoll_wait(fd, new Int32Array(4), 1, patience) === 1;
parentPort?.postMessage(found);
