// The seam below the completion seam: what io_uring and IOCP must be able to do.
import type { WakeHandle } from "../readiness/selector.ts";
import type { Token } from "../token.ts";

/**
 * Bytes, or a descriptor; below zero an errno of `os.constants.errno`: `-ECONNRESET`, and
 * `-ECANCELED` of what was cancelled.
 */
export type Outcome = number;

/** An operation has an id, and exactly one outcome comes of it, by a later `wait`. */
export interface CompletionKernel {
  readonly name: string;
  /** A listener that is to be accepted from. @throws {SysError} */
  adopt(fd: number): void;
  /** The outcome is a descriptor, ours, of which the other operations can be asked. */
  accept(id: Token, fd: number): void;
  /** The memory is lent until the outcome has come. 0 is the end of the stream. */
  recv(id: Token, fd: number, address: number, size: number): void;
  /** The same; it may have sent only a part. */
  send(id: Token, fd: number, address: number, size: number): void;
  /** Its outcome comes soon: -ECANCELED, or another that was faster. */
  cancel(id: Token): void;
  /** Waits as `Proactor.wait` does, and says of each operation that is over. */
  wait(timeout: number | null, over: (id: Token, outcome: Outcome) => void): void;
  /** What ends a wait. */
  openWake(): WakeHandle;
  /** Nothing is in flight any more. */
  close(): void;
}
