// When epoll reports a socket: level-triggered, edge-triggered, and one-shot.
// Run it: just example triggers (Linux)
// Page: docs/r3-epoll.md
import koffi from "koffi";
import { epollLayout } from "../shared/poll/sys/layout.ts";

const { EPOLLIN, EPOLLET, EPOLLONESHOT, EPOLL_CTL_ADD, EPOLL_CTL_MOD, stride } =
  epollLayout();
const libc = koffi.load(null);
const pipe = libc.func("int pipe(void *ends)");
const read = libc.func("intptr_t read(int, void *buffer, size_t size)");
const write = libc.func("intptr_t write(int, void *bytes, size_t size)");
const epoll_create1 = libc.func("int epoll_create1(int flags)");
const epoll_ctl = libc.func("int epoll_ctl(int epoll, int operation, int, void *event)");
const epoll_wait = libc.func("int epoll_wait(int epoll, void *events, int max, int ms)");

const MODES = { level: 0, edge: EPOLLET, oneshot: EPOLLONESHOT };
const NOTHING_HAPPENS = "nothing";

// #region actions
type Action = (from: number, to: number, again: () => void) => void;

const ACTIONS: Record<string, Action> = {
  "3 bytes come": (_, to) => write(to, Buffer.alloc(3), 3),
  [NOTHING_HAPPENS]: () => undefined,
  "we read 1": (from) => read(from, Buffer.alloc(1), 1),
  "2 more come": (_, to) => write(to, Buffer.alloc(2), 2),
  "we read the 4": (from) => read(from, Buffer.alloc(4), 4),
  "1 more comes": (_, to) => write(to, Buffer.alloc(1), 1),
  "asked again": (_from, _to, again) => again(),
};
// #endregion actions

const columns = Object.entries(MODES).map(([mode, bits]) => [mode, ...watch(bits)]);
for (const [row, action] of ["", ...Object.keys(ACTIONS)].entries()) {
  const cells = columns.map((column) => (column[row] ?? "").padEnd(8));
  console.log(`${action.padEnd(14)} ${cells.join(" ")}`.trimEnd());
}

/** Whether the pipe is reported after each action. */
function watch(bits: number): string[] {
  const ends = new Int32Array(2);
  pipe(ends);
  const [from = -1, to = -1] = ends;
  const epoll = epoll_create1(0);
  const event = new Int32Array(stride);
  event[0] = EPOLLIN | bits;
  epoll_ctl(epoll, EPOLL_CTL_ADD, from, event);
  return Object.values(ACTIONS).map((action) => {
    action(from, to, () => epoll_ctl(epoll, EPOLL_CTL_MOD, from, event));
    return epoll_wait(epoll, new Int32Array(stride), 1, 0) === 1 ? "yes" : "-";
  });
}
