// Readiness by io_uring: a request to poll for each socket, whose answer says that it is
// ready. The ring can do more (see the completions); here it stands in epoll's place.
import { constants } from "node:os";
import { type Events, READY, type Ready } from "../events.ts";
import { type CFunction, checked, library, SysError } from "../ffi.ts";
import { type Interest, type Mode, READABLE, WRITABLE } from "../interest.ts";
import { socketLayout } from "../layout.ts";
import { pollLayout } from "../layout-poll.ts";
import { CQE, SQE, URING } from "../layout-uring.ts";
import { type Selector, type WakeHandle, wholeMilliseconds } from "../selector.ts";
import { Slab, type Token } from "../token.ts";
import { openWakeDescriptor, type WakeDescriptor } from "./eventfd.ts";
import { Uring } from "./uring.ts";

/** A registration. Each has an id of its own, so that an old answer is nobody's. */
interface Watched {
  readonly fd: number;
  /** Given when it is added. */
  id: Token;
  readonly token: Token;
  readonly interest: Interest;
  readonly mode: Mode;
  /** The kernel has a request of it. */
  armed: boolean;
}

/** What an answer is about: the second word of its user data. */
const SOCKET = 0;
const REMOVAL = 1;
const WAKE = 2;

/**
 * Waits by io_uring.
 *
 * ```text
 *   level, oneshot   POLL_ADD ──► answer: it is over; level asks anew at the next wait
 *   edge             POLL_ADD, multishot ──► answer, answer, …: each time that it changes
 * ```
 *
 * A request holds the socket itself, not its descriptor: closing the descriptor does not
 * end the connection until the request is taken back, so `deregister` waits for that.
 */
export class UringSelector implements Selector {
  readonly name = "uring";
  readonly #layout = pollLayout();
  readonly #ring = new Uring({ entries: 256, completions: 4096 });
  readonly #fcntl: CFunction;
  readonly #byFd = new Map<number, Watched>();
  readonly #byId = new Slab<Watched>();
  /** Those whose request is over and that are to be asked for anew. */
  #again: Watched[] = [];
  #wake: WakeDescriptor | undefined;
  #closed = false;

  /** @throws {Error} Where there is no io_uring, or it is forbidden. */
  constructor() {
    this.#fcntl = library().fn("int fcntl(int fd, int command, ...)");
  }

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    if (this.#byFd.has(fd)) throw new SysError("watch a socket", constants.errno.EEXIST);
    // The ring itself would say so only in an answer.
    checked("watch a socket", this.#fcntl(fd, socketLayout().F_GETFD));
    this.#add({ fd, id: 0, token, interest, mode, armed: false });
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    this.#remove("watch a socket otherwise", fd);
    this.#add({ fd, id: 0, token, interest, mode, armed: false });
  }

  deregister(fd: number): void {
    const { armed } = this.#remove("watch a socket no more", fd);
    if (armed) this.#ring.enter(0, 0);
  }

  /** A multishot request knows edges: it needs not be told. */
  blocked(): void {}

  select(events: Events, timeout: number | null): void {
    const ms = wholeMilliseconds(timeout);
    const again = this.#again;
    this.#again = [];
    for (const watched of again) {
      // Meanwhile it may have been taken out.
      if (this.#byId.get(watched.id) === watched) this.#arm(watched);
    }
    // Answers for which there was no room last time are there already.
    this.#ring.enter(ms !== 0 && this.#ring.peek() === -1 ? 1 : 0, ms);
    while (events.length < events.capacity) {
      const at = this.#ring.peek();
      if (at === -1) return;
      this.#take(events, at);
      this.#ring.advance();
    }
  }

  openWake(): WakeHandle {
    if (this.#wake) return this.#wake;
    this.#wake = openWakeDescriptor(this.name);
    this.#armWake(this.#wake);
    return this.#wake;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { fd } of [...this.#byFd.values()]) this.#remove("close", fd);
    this.#ring.enter(0, 0);
    this.#ring.close();
    this.#wake?.close();
  }

  #take(events: Events, at: number): void {
    const { answers } = this.#ring;
    const id = answers[at + CQE.userData] ?? 0;
    const kind = answers[at + CQE.userData + 1] ?? 0;
    const result = answers[at + CQE.result] ?? 0;
    const more = (answers[at + CQE.flags] ?? 0) & URING.CQE_MORE;
    if (kind === WAKE && !more && this.#wake) this.#armWake(this.#wake);
    const watched = kind === SOCKET ? this.#byId.get(id) : undefined;
    // A removal's answer, or one of a registration that is no more.
    if (watched === undefined) return;
    if (!more) watched.armed = false;
    const ready = this.#readyOf(result);
    events.push(watched.token, ready);
    if (watched.armed || watched.mode === "oneshot") return;
    // A failed socket is told of once by edge: what has ended does not change any more.
    if (watched.mode === "edge" && ready & (READY.error | READY.writeClosed)) return;
    this.#again.push(watched);
  }

  #add(watched: Watched): void {
    watched.id = this.#byId.add(watched);
    this.#byFd.set(watched.fd, watched);
    this.#arm(watched);
  }

  /** Its id ends, and with it all its answers. */
  #remove(what: string, fd: number): Watched {
    const watched = this.#byFd.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    this.#byFd.delete(fd);
    this.#byId.remove(watched.id);
    if (watched.armed) {
      const at = this.#request(URING.OP_POLL_REMOVE, -1, 0, REMOVAL);
      this.#ring.requests[at + SQE.address] = watched.id;
    }
    return watched;
  }

  #arm(watched: Watched): void {
    const { POLLIN, POLLOUT, POLLRDHUP } = this.#layout;
    const { fd, id, interest, mode } = watched;
    const at = this.#request(URING.OP_POLL_ADD, fd, id, SOCKET);
    const { requests } = this.#ring;
    requests[at + SQE.what] =
      (interest & READABLE ? POLLIN | POLLRDHUP : 0) |
      (interest & WRITABLE ? POLLOUT : 0);
    requests[at + SQE.length] = mode === "edge" ? URING.POLL_ADD_MULTI : 0;
    watched.armed = true;
  }

  #armWake({ fd }: WakeDescriptor): void {
    const at = this.#request(URING.OP_POLL_ADD, fd, 0, WAKE);
    const { requests } = this.#ring;
    requests[at + SQE.what] = this.#layout.POLLIN;
    requests[at + SQE.length] = URING.POLL_ADD_MULTI;
  }

  #request(opcode: number, fd: number, id: Token, kind: number): number {
    const at = this.#ring.next();
    const { requests } = this.#ring;
    requests[at + SQE.opcode] = opcode;
    requests[at + SQE.fd] = fd;
    requests[at + SQE.userData] = id;
    requests[at + SQE.userData + 1] = kind;
    return at;
  }

  #readyOf(result: number): Ready {
    const { POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP } = this.#layout;
    // Below zero: the request itself failed; the socket was closed under us.
    if (result < 0) return READY.error | READY.writeClosed;
    return (
      (result & POLLIN ? READY.readable : 0) |
      (result & POLLOUT ? READY.writable : 0) |
      (result & (POLLRDHUP | POLLHUP) ? READY.readClosed : 0) |
      (result & (POLLHUP | POLLERR) ? READY.writeClosed : 0) |
      (result & POLLERR ? READY.error : 0)
    );
  }
}
