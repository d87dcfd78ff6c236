// A thread that waits for a connection each time it is asked, in `accept` or with an epoll,
// and reports whether one came in time. Or it serves: accepts all connections that it is
// woken for. Plain JavaScript, because the main thread's TypeScript loader does not reach a
// worker on Node 20.
// @ts-check
import { readlinkSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import koffi from "koffi";

const libc = koffi.load(null);
const accept = libc.func("int accept(int, void *address, void *length)");
const close = libc.func("int close(int)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");

parentPort?.on("message", ({ how, fd, listener, patience }) => {
  if (how === "serve") {
    parentPort?.postMessage(serve(fd, listener, patience));
    return;
  }
  const found =
    how === "accept"
      ? accept(fd, null, null) !== -1
      : epoll_wait(fd, new Int32Array(4), 1, patience) === 1;
  parentPort?.postMessage(found);
});
// `/proc/thread-self` is a link to the calling thread's folder: PID/task/TID (proc(5)).
parentPort?.postMessage(readlinkSync("/proc/thread-self"));

/**
 * Closes each connection that comes, until none has come for `patience` milliseconds.
 *
 * @param {number} epoll
 * @param {number} listener
 * @param {number} patience
 * @returns {number} How many came.
 */
function serve(epoll, listener, patience) {
  let clients = 0;
  const events = new Int32Array(4);
  while (epoll_wait(epoll, events, 1, patience) === 1) {
    // Another thread may have been faster.
    const client = accept(listener, null, null);
    if (client === -1) continue;
    clients += 1;
    close(client);
  }
  return clients;
}
