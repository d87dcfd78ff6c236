// libuv's error numbers on Linux, which a binding returns to Node's library.

export const UV = {
  UV_EOF: -4095,
  UV_EAI_MEMORY: -3006,
  UV_ECANCELED: -125,
  UV_ECONNREFUSED: -111,
  UV_ETIMEDOUT: -110,
  UV_ENOTCONN: -107,
  UV_ENOBUFS: -105,
  UV_ECONNRESET: -104,
  UV_ENOTSOCK: -88,
  UV_EADDRNOTAVAIL: -99,
  UV_EADDRINUSE: -98,
  UV_EPIPE: -32,
  UV_ENOSYS: -38,
  UV_EMFILE: -24,
  UV_EINVAL: -22,
  UV_EACCES: -13,
  UV_EAGAIN: -11,
  UV_EBADF: -9,
} as const;

const MESSAGES: Record<string, string> = {
  UV_EOF: "end of file",
  UV_ECANCELED: "operation canceled",
  UV_ECONNREFUSED: "connection refused",
  UV_ETIMEDOUT: "connection timed out",
  UV_ENOTCONN: "socket is not connected",
  UV_ECONNRESET: "connection reset by peer",
  UV_EADDRNOTAVAIL: "address not available",
  UV_EADDRINUSE: "address already in use",
  UV_EPIPE: "broken pipe",
  UV_EMFILE: "too many open files",
  UV_EINVAL: "invalid argument",
  UV_EACCES: "permission denied",
  UV_EBADF: "bad file descriptor",
};

/** By number: the name without `UV_`, and the meaning. */
export const ERRORS: ReadonlyMap<number, readonly [string, string]> = new Map(
  Object.entries(UV).map(([name, number]) => [
    number,
    [name.replace("UV_", ""), MESSAGES[name] ?? "unknown error"],
  ]),
);

/** The number of an error that the kernel reports by name. */
export function numberOf(failure: string): number {
  return (
    Object.entries(UV).find(([name]) => name === `UV_${failure}`)?.[1] ?? UV.UV_EINVAL
  );
}

/** `ECONNRESET` for -104. */
export function nameOf(number: number): string {
  return ERRORS.get(number)?.[0] ?? `Unknown system error ${number}`;
}
