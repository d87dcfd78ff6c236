// What one wants to hear of a socket, and how often.

/** A set of these bits: `READABLE | WRITABLE`. */
export type Interest = number;
/** There is something to read, or the end has come, or somebody to accept. */
export const READABLE = 1;
/** There is room to write, or a connection is made, or could not be. */
export const WRITABLE = 2;

/**
 * How often one hears of it.
 *
 * ```text
 *   bytes in the kernel's buffer   0 ──┐ 3 come ┌ we read 1 ┐ we read all ┌ 2 more come
 *   level                              │ told   │ told      │             │ told
 *   edge                               │ told   │           │             │ told
 *   oneshot                            │ told   │           │             │
 * ```
 *
 * Level: at each wait, while it is so. Edge: when it has become so; read until the kernel
 * says that there is no more ("blocked"), or what is left may never be told of (epoll(7),
 * "Level-triggered and edge-triggered"). One-shot: once, until asked anew by `reregister`.
 */
export type Mode = "level" | "edge" | "oneshot";
