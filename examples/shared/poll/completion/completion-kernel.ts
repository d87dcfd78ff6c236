// The seam below the proactor: what io_uring and IOCP must provide.
import type { WakeHandle } from "../readiness/selector.ts";
import type { Token } from "../token.ts";

/**
 * A number of bytes, or a descriptor; if negative, an errno of `os.constants.errno`:
 * `-ECONNRESET`, or `-ECANCELED` for a cancelled operation.
 */
export type Outcome = number;

/** Each operation has an id and exactly one outcome, which a later `wait` reports. */
export interface CompletionKernel {
  readonly name: string;
  /** Prepares a listener for `accept`. @throws {SysError} */
  adopt(fd: number): void;
  /** The outcome is a descriptor, owned by the caller and ready for operations. */
  accept(id: Token, fd: number): void;
  /** Lends the memory until the outcome is reported. 0 is the end of the stream. */
  recv(id: Token, fd: number, address: number, size: number): void;
  /** Lends the memory like `recv`. It may send only a part. */
  send(id: Token, fd: number, address: number, size: number): void;
  /** Makes the outcome come soon: -ECANCELED, or its result if it finished first. */
  cancel(id: Token): void;
  /** Waits as `Proactor.wait` does, and calls `complete` for each finished operation. */
  wait(timeout: number | null, complete: (id: Token, outcome: Outcome) => void): void;
  /** Returns a handle that ends a wait. */
  openWake(): WakeHandle;
  /** Called when nothing is in flight, or when the wait for that has timed out. */
  close(): void;
}
