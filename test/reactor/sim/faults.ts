// Sockets whose calls fail on request, for tests of how a program handles errors that its
// network rarely has.
import {
  afterAccept,
  afterClose,
  afterControl,
  afterTransfer,
  TRIES,
} from "../../../examples/shared/poll/errors.ts";
import type { SysError } from "../../../examples/shared/poll/ffi.ts";
import type {
  Accepted,
  Address,
  Read,
  Sockets,
  Written,
} from "../../../examples/shared/poll/sockets.ts";

/** A call that can be made to fail. */
export type Fallible = "accept" | "recv" | "send" | "shutdown" | "setNoDelay" | "close";

/** A call that fails, and how many times more. */
interface Fault {
  readonly call: Fallible;
  /** An errno. */
  readonly error: number;
  /** The descriptor; undefined for any. */
  readonly fd: number | undefined;
  times: number;
}

/**
 * Wraps other sockets, such as those of a simulated network. An injected error has the
 * meaning that it has everywhere (`errors.ts`).
 */
export class FaultySockets implements Sockets {
  readonly #sockets: Sockets;
  #faults: Fault[] = [];

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  /**
   * Makes the next calls of that name fail.
   *
   * @param error An errno, as in `os.constants.errno`.
   * @param fd The descriptor; undefined for any.
   */
  fail(
    call: Fallible,
    error: number,
    { times = 1, fd }: { times?: number; fd?: number } = {},
  ): void {
    this.#faults.push({ call, error, fd, times });
  }

  /** Cancels the failures that have not happened yet. */
  heal(): void {
    this.#faults = [];
  }

  open(host?: string): number {
    return this.#sockets.open(host);
  }

  setReusePort(fd: number): void {
    this.#sockets.setReusePort(fd);
  }

  bind(fd: number, host: string, port: number): void {
    this.#sockets.bind(fd, host, port);
  }

  listen(fd: number, backlog: number): void {
    this.#sockets.listen(fd, backlog);
  }

  accept(fd: number): Accepted {
    const answer = this.#answer("accept", fd, afterAccept, "full");
    return answer ?? this.#sockets.accept(fd);
  }

  connect(fd: number, host: string, port: number): "connected" | "connecting" {
    return this.#sockets.connect(fd, host, port);
  }

  recv(fd: number, into: Uint8Array): Read {
    const after = (error: number) => afterTransfer("read from a socket", error);
    return this.#answer("recv", fd, after, "reset") ?? this.#sockets.recv(fd, into);
  }

  send(fd: number, bytes: Uint8Array): Written {
    const after = (error: number) => afterTransfer("write to a socket", error);
    return this.#answer("send", fd, after, "reset") ?? this.#sockets.send(fd, bytes);
  }

  shutdown(fd: number): void {
    const error = this.#take("shutdown", fd);
    if (error === undefined) this.#sockets.shutdown(fd);
    else afterControl("finish sending", error);
  }

  takeError(fd: number): SysError | undefined {
    return this.#sockets.takeError(fd);
  }

  localAddress(fd: number): Address {
    return this.#sockets.localAddress(fd);
  }

  peerAddress(fd: number): Address | undefined {
    return this.#sockets.peerAddress(fd);
  }

  setKeepAlive(fd: number, seconds: number): void {
    this.#sockets.setKeepAlive(fd, seconds);
  }

  setNoDelay(fd: number, on: boolean): void {
    const error = this.#take("setNoDelay", fd);
    if (error === undefined) this.#sockets.setNoDelay(fd, on);
    else afterControl("send at once", error);
  }

  setUnsentLimit(fd: number, bytes: number): void {
    this.#sockets.setUnsentLimit(fd, bytes);
  }

  setBuffers(fd: number, receive: number, send: number): void {
    this.#sockets.setBuffers(fd, receive, send);
  }

  setResetOnClose(fd: number): void {
    this.#sockets.setResetOnClose(fd);
  }

  close(fd: number): void {
    // As in the kernels, a close that fails still closes.
    this.#sockets.close(fd);
    const error = this.#take("close", fd);
    if (error !== undefined) afterClose(error);
  }

  /** The result of a failing call; undefined when the real call is to be made. */
  #answer<Answer extends string>(
    call: Fallible,
    fd: number,
    after: (error: number) => Answer | "blocked" | "again",
    atLast: Answer,
  ): Answer | "blocked" | undefined {
    for (let time = 0; time < TRIES; time += 1) {
      const error = this.#take(call, fd);
      if (error === undefined) return undefined;
      const answer = after(error);
      if (answer !== "again") return answer;
    }
    return atLast;
  }

  #take(call: Fallible, fd: number): number | undefined {
    const fault = this.#faults.find((one) => one.call === call && (one.fd ?? fd) === fd);
    if (fault === undefined) return undefined;
    fault.times -= 1;
    this.#faults = this.#faults.filter(({ times }) => times > 0);
    return fault.error;
  }
}
