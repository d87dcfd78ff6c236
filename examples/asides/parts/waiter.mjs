// A thread that waits for a connection each time it is asked: in `accept`, or with an epoll.
// It says whether one came in time. Plain JavaScript, because what loads TypeScript in the
// main thread does not reach a worker on Node 20.
// @ts-check
import { readlinkSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import koffi from "koffi";

const libc = koffi.load(null);
const accept = libc.func("int accept(int, void *address, void *length)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");

parentPort?.on("message", ({ how, fd, patience }) => {
  const found =
    how === "accept"
      ? accept(fd, null, null) !== -1
      : epoll_wait(fd, new Int32Array(4), 1, patience) === 1;
  parentPort?.postMessage(found);
});
// `/proc/thread-self` leads to the folder of the thread that looks: PID/task/TID (proc(5)).
parentPort?.postMessage(readlinkSync("/proc/thread-self"));
