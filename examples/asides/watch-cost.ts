// What a wait costs when one of many descriptors is ready. With poll it depends on how many
// are watched; with epoll it does not.
// Run it: just example watch-cost (Linux); with `-- --exact` the times
// Page: docs/r3-epoll.md
import koffi from "koffi";
import { epollLayout } from "../shared/poll/sys/layout.ts";

const { EPOLLIN, EPOLL_CTL_ADD, stride } = epollLayout();
const POLLIN = 1;
const libc = koffi.load(null);
const eventfd = libc.func("int eventfd(uint32_t value, int flags)");
const poll = libc.func("int poll(void *list, uintptr_t count, int ms)");
const close = libc.func("int close(int)");
const epoll_create1 = libc.func("int epoll_create1(int flags)");
const epoll_ctl = libc.func("int epoll_ctl(int epoll, int operation, int, void *event)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");

/** Nanoseconds per call, the best of several rounds: disturbances only make it slower. */
function time(call: () => number, calls: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 50; round += 1) {
    const begun = process.hrtime.bigint();
    for (let i = 0; i < calls; i += 1) if (call() !== 1) throw new Error("not ready");
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / calls);
  }
  return best;
}

/** The cost of a wait for `count` descriptors, of which the last is ready. */
function measure(count: number): { poll: number; epoll: number } {
  const fds = Array.from({ length: count }, (_, i) =>
    eventfd(i === count - 1 ? 1 : 0, 0),
  );
  if (fds.includes(-1)) throw new Error(`Cannot open ${count} descriptors: ulimit -n`);
  // #region poll
  const list = new Int32Array(count * 2);
  fds.forEach((fd, index) => {
    list[index * 2] = fd;
    list[index * 2 + 1] = POLLIN;
  });
  const askPoll = () => poll(list, count, -1);
  // #endregion poll
  // #region epoll
  const epoll = epoll_create1(0);
  for (const fd of fds) {
    const event = new Int32Array(stride);
    event[0] = EPOLLIN;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, event);
  }
  const events = new Int32Array(stride * 64);
  const askEpoll = () => epoll_wait(epoll, events, 64, -1);
  // #endregion epoll
  const calls = Math.max(10, Math.ceil(10_000 / count));
  const times = { poll: time(askPoll, calls), epoll: time(askEpoll, 500) };
  for (const fd of [epoll, ...fds]) close(fd);
  return times;
}

const counts = [10, 30, 100, 300, 1000, 3000, 10_000];
const results = counts.map((count) => ({ count, ...measure(count) }));
if (process.argv.includes("--exact")) {
  console.log("watched      poll     epoll   (ns a wait)");
  for (const { count, poll, epoll } of results) {
    const cells = [poll, epoll].map((ns) => Math.round(ns).toLocaleString("en"));
    console.log(
      `${count.toLocaleString("en").padEnd(8)} ${cells.map((cell) => cell.padStart(9)).join(" ")}`,
    );
  }
} else {
  const first = results.at(0);
  const last = results.at(-1);
  for (const name of ["poll", "epoll"] as const) {
    const ratio = (last?.[name] ?? 0) / (first?.[name] ?? 1);
    const word = ratio > 100 ? "more than 100 times" : ratio < 3 ? "about" : "more than";
    console.log(
      `${name.padEnd(5)} of 10,000 descriptors costs ${word} what it costs of 10`,
    );
  }
}
