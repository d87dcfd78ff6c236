// io_uring: the constants, and the offsets of the fields in its shared memory. The same on
// every architecture. Source: Linux, include/uapi/linux/io_uring.h.

/** System calls for which the C library has no function (syscalls(2)). */
export const SYS = { io_uring_setup: 425, io_uring_enter: 426 } as const;

/** The offsets for mmap: both rings are in one mapping, the requests in another. */
export const OFFSETS = { rings: 0, entries: 0x10000000 } as const;

export const URING = {
  SETUP_CQSIZE: 1 << 3,
  SETUP_CLAMP: 1 << 4,
  /** Both rings in one mapping, from Linux 5.4. */
  FEATURE_SINGLE_MMAP: 1 << 0,
  /** No completion is lost when the ring is full, from 5.5. */
  FEATURE_NODROP: 1 << 1,
  /** A timeout for the wait, from 5.11. */
  FEATURE_EXT_ARG: 1 << 8,
  /** Tags for registered resources. We use none: they are as new as multishot polls, 5.13. */
  FEATURE_RSRC_TAGS: 1 << 10,
  ENTER_GETEVENTS: 1 << 0,
  ENTER_EXT_ARG: 1 << 3,
  OP_NOP: 0,
  OP_POLL_ADD: 6,
  OP_POLL_REMOVE: 7,
  /** This and the next from 5.5, the two after that from 5.6. */
  OP_ACCEPT: 13,
  OP_ASYNC_CANCEL: 14,
  OP_SEND: 26,
  OP_RECV: 27,
  /** In a POLL_ADD's length: multishot, it reports repeatedly; from 5.13. */
  POLL_ADD_MULTI: 1,
  /** In a completion's flags: this request will have more completions. */
  CQE_MORE: 1 << 1,
  /** In the submission ring's flags: the completion ring is full, and more are waiting. */
  SQ_CQ_OVERFLOW: 1 << 1,
} as const;

/**
 * `struct io_uring_params`, 120 bytes: our request, in which the kernel fills in the
 * offsets. Indexes are 32-bit words.
 */
export const PARAMS = {
  words: 30,
  sqEntries: 0,
  cqEntries: 1,
  flags: 2,
  features: 5,
  /** `struct io_sqring_offsets`: in bytes from the start of the rings. */
  sqHead: 10,
  sqTail: 11,
  sqMask: 12,
  sqFlags: 14,
  sqArray: 16,
  /** `struct io_cqring_offsets`. */
  cqHead: 20,
  cqTail: 21,
  cqMask: 22,
  cqEntriesAt: 25,
} as const;

/**
 * A request, `struct io_uring_sqe`, 64 bytes; in 32-bit words:
 *
 * ```text
 *   word   0                            1    2 3      4 5       6        7      8 9        10 … 15
 *          opcode, flags, ioprio (u16)  fd   offset   address   length   what   user data
 * ```
 */
export const SQE = {
  words: 16,
  opcode: 0,
  fd: 1,
  offset: 2,
  address: 4,
  length: 6,
  what: 7,
  userData: 8,
} as const;

/** An answer, `struct io_uring_cqe`, 16 bytes: user data (two words), result, flags. */
export const CQE = { words: 4, userData: 0, result: 2, flags: 3 } as const;
