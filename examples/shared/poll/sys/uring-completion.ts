// Completions with io_uring: accept, recv and send are requests themselves, and the kernel
// performs them when it can. One system call submits all requests of a turn.
import type { CompletionKernel, Outcome } from "../completion/completion-kernel.ts";
import { type CFunction, checked, library } from "../ffi.ts";
import { type WakeHandle, wholeMilliseconds } from "../readiness/selector.ts";
import type { Token } from "../token.ts";
import { openWakeDescriptor, type WakeDescriptor } from "./eventfd.ts";
import { type SocketLayout, socketLayout } from "./layout.ts";
import { pollLayout } from "./layout-poll.ts";
import { CQE, SQE, URING } from "./layout-uring.ts";
import { Uring } from "./uring.ts";

/** Makes the kernel continue a send until all is sent, from Linux 5.19; ignored before. */
const MSG_WAITALL = 0x100;

/** What an answer is for: the second word of its user data; the first is an id. */
const OPERATION = 0;
const CANCEL = 1;
const WAKE = 2;

/** Performs operations with io_uring; `SQE` and `CQE` show requests and answers. */
export class UringKernel implements CompletionKernel {
  readonly name = "uring";
  readonly #ring = new Uring({ entries: 256, completions: 4096 });
  readonly #layout: SocketLayout = socketLayout();
  readonly #fcntl: CFunction = library().fn("int fcntl(int fd, int command, ...)");
  #wake: WakeDescriptor | undefined;

  adopt(fd: number): void {
    // On a non-blocking socket an accept request would be answered at once (EAGAIN).
    const { F_GETFL, F_SETFL, O_NONBLOCK } = this.#layout;
    const flags = checked("ask for flags", this.#fcntl(fd, F_GETFL));
    checked("set flags", this.#fcntl(fd, F_SETFL, "int", flags & ~O_NONBLOCK));
  }

  accept(id: Token, fd: number): void {
    const { SOCK_CLOEXEC = 0 } = this.#layout;
    this.#request(URING.OP_ACCEPT, fd, id, OPERATION, SOCK_CLOEXEC);
  }

  recv(id: Token, fd: number, address: number, size: number): void {
    const at = this.#request(URING.OP_RECV, fd, id, OPERATION, 0);
    this.#setMemory(at, address, size);
  }

  send(id: Token, fd: number, address: number, size: number): void {
    const flags = this.#layout.MSG_NOSIGNAL | MSG_WAITALL;
    const at = this.#request(URING.OP_SEND, fd, id, OPERATION, flags);
    this.#setMemory(at, address, size);
  }

  cancel(id: Token): void {
    const at = this.#request(URING.OP_ASYNC_CANCEL, -1, 0, CANCEL, 0);
    // The kernel finds it by its user data: the id, and OPERATION, which is 0.
    this.#ring.requests[at + SQE.address] = id;
  }

  wait(timeout: number | null, complete: (id: Token, outcome: Outcome) => void): void {
    const ms = wholeMilliseconds(timeout);
    this.#ring.enter(ms !== 0 && this.#ring.peek() === -1 ? 1 : 0, ms);
    const { answers } = this.#ring;
    for (let at = this.#ring.peek(); at !== -1; at = this.#ring.peek()) {
      const id = answers[at + CQE.userData] ?? 0;
      const kind = answers[at + CQE.userData + 1] ?? 0;
      const result = answers[at + CQE.result] ?? 0;
      const more = (answers[at + CQE.flags] ?? 0) & URING.CQE_MORE;
      this.#ring.advance();
      // A negative result is an errno (io_uring(7)).
      if (kind === OPERATION) complete(id, result);
      if (kind === WAKE && !more && this.#wake) this.#watch(this.#wake);
    }
  }

  openWake(): WakeHandle {
    if (this.#wake) return this.#wake;
    this.#wake = openWakeDescriptor(this.name);
    this.#watch(this.#wake);
    return this.#wake;
  }

  close(): void {
    this.#ring.close();
    this.#wake?.close();
  }

  /** Multishot: each write to it gives an answer, and it need not be drained. */
  #watch({ fd }: WakeDescriptor): void {
    const { POLLIN } = pollLayout();
    const at = this.#request(URING.OP_POLL_ADD, fd, 0, WAKE, POLLIN);
    this.#ring.requests[at + SQE.length] = URING.POLL_ADD_MULTI;
  }

  #request(opcode: number, fd: number, id: Token, kind: number, what: number): number {
    const at = this.#ring.next();
    const { requests } = this.#ring;
    requests[at + SQE.opcode] = opcode;
    requests[at + SQE.fd] = fd;
    requests[at + SQE.what] = what;
    requests[at + SQE.userData] = id;
    requests[at + SQE.userData + 1] = kind;
    return at;
  }

  #setMemory(at: number, address: number, size: number): void {
    const { requests } = this.#ring;
    requests[at + SQE.address] = address | 0;
    requests[at + SQE.address + 1] = Math.floor(address / 2 ** 32);
    requests[at + SQE.length] = size;
  }
}
