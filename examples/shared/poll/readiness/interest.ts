// What one wants to hear of a socket, and how often.

/** A set of these bits: `READABLE | WRITABLE`. */
export type Interest = number;
/** There is something to read, or the end has come, or somebody to accept. */
export const READABLE = 1;
/** There is room to write, or a connection is made, or could not be. */
export const WRITABLE = 2;

/**
 * How often it is reported.
 *
 * ```text
 *   bytes in the kernel's buffer   0 ──┐ 3 come ┌ we read 1 ┐ we read all ┌ 2 more come
 *   level                              │ yes    │ yes       │             │ yes
 *   edge                               │ yes    │           │             │ yes
 *   oneshot                            │ yes    │           │             │
 * ```
 *
 * Level: at each wait, while it is so. Edge: when it has become so; read until the kernel
 * says that there is no more ("blocked"), or what is left may never be reported
 * (epoll(7), "Level-triggered and edge-triggered"). One-shot: once, until asked again by
 * `reregister`.
 *
 * Edge is what you get when you ask for nothing else, as in mio, which has no other. It is
 * what a runtime wants: it calls first and waits only after "blocked", and while it does not
 * want to read, bytes that lie there do not wake it at each wait. And it is cheap everywhere:
 * epoll and kqueue have it, while a level of io_uring and AFD is a request at each wait, and
 * poll reports it at each wait. Level forgives a program that reads only a part.
 */
export type Mode = "level" | "edge" | "oneshot";
