// Readiness with io_uring: a poll request for each socket, whose answer says that the
// socket is ready. The ring can do more (see uring-completion.ts); here it takes epoll's
// place.
import { constants } from "node:os";
import { type CFunction, checked, library, SysError } from "../ffi.ts";
import type { Events } from "../readiness/events.ts";
import type { Interest, Mode } from "../readiness/interest.ts";
import { Registration } from "../readiness/registration.ts";
import {
  type Selector,
  type WakeHandle,
  wholeMilliseconds,
} from "../readiness/selector.ts";
import { Slab, type Token } from "../token.ts";
import { openWakeDescriptor, type WakeDescriptor } from "./eventfd.ts";
import { socketLayout } from "./layout.ts";
import { pollLayout } from "./layout-poll.ts";
import { CQE, SQE, URING } from "./layout-uring.ts";
import { bitsOf, readyOf } from "./poll.ts";
import { Uring } from "./uring.ts";

interface Watched {
  readonly fd: number;
  readonly registration: Registration;
  /** The request whose answer counts; undefined while the kernel has none. */
  request: Request | undefined;
}

/** A request to the kernel. Keeps its id until it is answered, so no other gets that id. */
interface Request {
  /** Set when it is added to the slab. */
  id: Token;
  readonly watched: Watched;
  readonly armed: Interest;
}

/** What an answer is for: the second word of its user data. */
const SOCKET = 0;
const CANCEL = 1;
const WAKE = 2;

/**
 * Waits with io_uring.
 *
 * ```text
 *   register ─► changed ──► asked: POLL_ADD ──► its one answer ────────► changed
 *                  ▲  the next     │                                        level: asked again
 *                  │  wait asks    ▼ other bits wanted, "blocked"           edge: asked for what is armed
 *                  └────────── cancelled: its answer is ignored             oneshot: at reregister
 * ```
 *
 * A request holds the socket itself, not its descriptor: closing the descriptor does not
 * end the connection before the request is over. So `deregister` cancels the request, and
 * submits that at once. (POLL_REMOVE is not enough: it fails with EALREADY when the request
 * is about to be answered, and a multishot request would then stay.)
 */
export class UringSelector implements Selector {
  readonly name = "uring";
  readonly #layout = pollLayout();
  readonly #ring = new Uring({ entries: 256, completions: 4096 });
  readonly #fcntl: CFunction;
  readonly #byFd = new Map<number, Watched>();
  /** Requests that the kernel has, including cancelled ones. */
  readonly #requests = new Slab<Request>();
  /** Sockets that may need a new or different request before the next wait. */
  readonly #changed = new Set<Watched>();
  #wake: WakeDescriptor | undefined;
  /** The waker's answer has arrived. */
  #woken = false;
  #closed = false;

  /** @throws {Error} Where there is no io_uring, or it is forbidden. */
  constructor() {
    this.#fcntl = library().fn("int fcntl(int fd, int command, ...)");
  }

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    if (this.#byFd.has(fd)) throw new SysError("watch a socket", constants.errno.EEXIST);
    // The ring itself would report a closed descriptor only in an answer.
    checked("watch a socket", this.#fcntl(fd, socketLayout().F_GETFD));
    const registration = new Registration(token, interest, mode);
    const watched = { fd, registration, request: undefined };
    this.#byFd.set(fd, watched);
    this.#changed.add(watched);
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    const watched = this.#find("change a watched socket", fd);
    watched.registration.rearm(token, interest, mode);
    this.#cancel(watched);
    this.#changed.add(watched);
  }

  deregister(fd: number): void {
    const watched = this.#find("stop watching a socket", fd);
    this.#byFd.delete(fd);
    this.#changed.delete(watched);
    this.#cancel(watched);
    // Also what "blocked" or `reregister` has cancelled since the last wait.
    this.#ring.submit();
  }

  blocked(fd: number, interest: Interest): void {
    const watched = this.#byFd.get(fd);
    if (watched === undefined) return;
    watched.registration.blocked(interest);
    // Its answer may already be in the ring, for readiness that has been used up since.
    if ((watched.request?.armed ?? 0) & interest) this.#cancel(watched);
    this.#changed.add(watched);
  }

  select(events: Events, timeout: number | null): void {
    const ms = wholeMilliseconds(timeout);
    const end = ms > 0 ? performance.now() + ms : 0;
    const before = events.length;
    for (let left = ms; ; ) {
      for (const watched of this.#changed) this.#submit(watched);
      this.#changed.clear();
      // Answers that had no room last time may still be in the ring.
      const waits = left !== 0 && this.#ring.peek() === -1;
      this.#ring.enter(waits ? 1 : 0, left);
      const taken = this.#takeAll(events);
      // No answers: the time is up, or there was a signal.
      if (taken === 0 || events.length > before || this.#woken) break;
      // Only answers to cancelled requests, which are no reason to return.
      if (ms >= 0) left = Math.max(0, Math.ceil(end - performance.now()));
      if (left === 0) break;
    }
    this.#woken = false;
  }

  openWake(): WakeHandle {
    if (this.#wake) return this.#wake;
    this.#wake = openWakeDescriptor(this.name);
    this.#submitWake(this.#wake);
    return this.#wake;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const watched of this.#byFd.values()) this.#cancel(watched);
    this.#ring.submit();
    this.#ring.close();
    this.#wake?.close();
  }

  /** Takes as many answers as there is room for. @returns How many. */
  #takeAll(events: Events): number {
    for (let taken = 0; ; taken += 1) {
      const at = events.length < events.capacity ? this.#ring.peek() : -1;
      if (at === -1) return taken;
      this.#take(events, at);
      this.#ring.advance();
    }
  }

  #take(events: Events, at: number): void {
    const { answers } = this.#ring;
    const kind = answers[at + CQE.userData + 1] ?? 0;
    const result = answers[at + CQE.result] ?? 0;
    if (kind === WAKE) {
      this.#woken = true;
      const more = (answers[at + CQE.flags] ?? 0) & URING.CQE_MORE;
      if (!more && this.#wake) this.#submitWake(this.#wake);
    }
    if (kind !== SOCKET) return;
    const request = this.#requests.remove(answers[at + CQE.userData] ?? 0);
    const watched = request?.watched;
    if (watched === undefined || watched.request !== request) return;
    watched.request = undefined;
    const { registration } = watched;
    // Negative: the request itself failed, because the socket was closed while watched.
    const bits = result < 0 ? this.#layout.POLLNVAL : result;
    const ready = readyOf(this.#layout, bits, registration);
    events.push(registration.token, ready);
    registration.fired(ready);
    this.#changed.add(watched);
  }

  #find(what: string, fd: number): Watched {
    const watched = this.#byFd.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    return watched;
  }

  /** Requests what is armed, unless it is requested already. */
  #submit(watched: Watched): void {
    const { armed, silent } = watched.registration;
    if (silent) return;
    if (watched.request && (armed & ~watched.request.armed) === 0) return;
    this.#cancel(watched);
    const request: Request = { id: 0, watched, armed };
    request.id = this.#requests.add(request);
    watched.request = request;
    const at = this.#request(URING.OP_POLL_ADD, watched.fd, request.id, SOCKET);
    this.#ring.requests[at + SQE.what] = bitsOf(this.#layout, armed);
  }

  /** Cancels its request, if there is one; the answer will be ignored. */
  #cancel(watched: Watched): void {
    const { request } = watched;
    if (request === undefined) return;
    watched.request = undefined;
    const at = this.#request(URING.OP_ASYNC_CANCEL, -1, 0, CANCEL);
    // The kernel finds it by its user data: the id, and SOCKET, which is 0.
    this.#ring.requests[at + SQE.address] = request.id;
  }

  /** Multishot: each write to it gives an answer, and it need not be drained. */
  #submitWake({ fd }: WakeDescriptor): void {
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
}
