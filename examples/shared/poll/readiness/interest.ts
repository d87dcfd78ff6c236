// What to report about a socket, and how often.

/** A set of these bits: `READABLE | WRITABLE`. */
export type Interest = number;
/** There are bytes to read, the end of the stream, or a client to accept. */
export const READABLE = 1;
/** There is room to write, or a connection attempt has succeeded or failed. */
export const WRITABLE = 2;

/**
 * How often readiness is reported.
 *
 * ```text
 *   bytes in the kernel's buffer   0 ──┐ 3 arrive ┌ we read 1 ┐ we read all ┌ 2 more arrive
 *   level                              │ yes      │ yes       │             │ yes
 *   edge                               │ yes      │           │             │ yes
 *   oneshot                            │ yes      │           │             │
 * ```
 *
 * Level-triggered: at each wait, while the socket is ready. Edge-triggered: when it becomes
 * ready. Then read until the kernel has no more ("blocked"), or the rest may never be
 * reported (epoll(7), "Level-triggered and edge-triggered"). One-shot: once, until
 * `reregister`.
 *
 * Edge-triggered is the default, as in mio, which has no other mode. It suits a runtime,
 * which calls first and waits only after "blocked": while it does not want to read, unread
 * bytes do not wake it at each wait. And it is cheap everywhere: epoll and kqueue support
 * it, while level-triggered costs a request per wait with io_uring and AFD, and a report
 * per wait with poll. Level-triggered forgives a program that reads only a part.
 */
export type Mode = "level" | "edge" | "oneshot";
