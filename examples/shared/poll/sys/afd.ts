// Readiness on Windows, which only has completions: asking AFD to poll a socket is itself a
// request, whose completion says that the socket is ready.
import { constants } from "node:os";
import { Blocks } from "../completion/blocks.ts";
import { SysError } from "../ffi.ts";
import type { Events } from "../readiness/events.ts";
import type { Interest, Mode } from "../readiness/interest.ts";
import { Registration } from "../readiness/registration.ts";
import {
  type Selector,
  type WakeHandle,
  wholeMilliseconds,
} from "../readiness/selector.ts";
import type { Token } from "../token.ts";
import { AfdDevice, baseFinder, bitsOf, readyOf } from "./afd-device.ts";
import type { Device, Watched } from "./afd-watched.ts";
import { CompletionPort, wakeByPosting } from "./completion-port.ts";
import { AFD } from "./layout-windows.ts";

/** A device scans all its requests when one completes; wepoll and mio use 32, too. */
const REQUESTS_PER_DEVICE = 32;
/** How long `close` waits for the requests that it has cancelled. */
const LAST_WAIT_MS = 1000;

/**
 * Waits with AFD.
 *
 * ```text
 *   register ─► idle ──► pending ──► its completion ──────► idle     level: ask again at the next wait
 *                 ▲        │                                         edge: when a call says "blocked"
 *                 │        ▼ other bits wanted, or deregistered      oneshot: at reregister
 *                 └── cancelled: its completion still arrives
 * ```
 */
export class AfdSelector implements Selector {
  readonly name = "afd";
  readonly #port = new CompletionPort();
  readonly #blocks = new Blocks();
  readonly #baseOf: (fd: number) => number = baseFinder();
  readonly #devices: Device[] = [];
  readonly #byFd = new Map<number, Watched>();
  /** Requests that the kernel has, by address. */
  readonly #pending = new Map<number, Watched>();
  /** Sockets that may need a new or different request before the next wait. */
  readonly #changed = new Set<Watched>();
  #wake: WakeHandle | undefined;
  #closed = false;

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    if (this.#byFd.has(fd)) throw new SysError("watch a socket", constants.errno.EEXIST);
    const base = this.#baseOf(fd);
    const device = this.#device();
    const request = this.#blocks.take(64);
    device.users += 1;
    const registration = new Registration(token, interest, mode);
    const rest = { state: "idle", pending: 0, isDeregistered: false } as const;
    const watched: Watched = { base, device, request, registration, ...rest };
    this.#byFd.set(fd, watched);
    this.#changed.add(watched);
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    const watched = this.#find("change a watched socket", fd);
    watched.registration.rearm(token, interest, mode);
    this.#changed.add(watched);
  }

  deregister(fd: number): void {
    const watched = this.#find("stop watching a socket", fd);
    this.#byFd.delete(fd);
    this.#changed.delete(watched);
    watched.isDeregistered = true;
    if (watched.state === "idle") this.#free(watched);
    else this.#cancel(watched);
  }

  blocked(fd: number, interest: Interest): void {
    const watched = this.#byFd.get(fd);
    if (watched === undefined) return;
    watched.registration.blocked(interest);
    // Its completion may already be queued, for readiness that has been used up since.
    if (watched.pending & interest) this.#cancel(watched);
    this.#changed.add(watched);
  }

  select(events: Events, timeout: number | null): void {
    const ms = wholeMilliseconds(timeout);
    const end = ms < 0 ? Number.POSITIVE_INFINITY : performance.now() + ms;
    const before = events.length;
    for (;;) {
      for (const watched of this.#changed) this.#submit(watched);
      this.#changed.clear();
      const left = Math.max(0, Math.ceil(end - performance.now()));
      const room = events.capacity - events.length;
      const count = this.#port.wait(room, ms < 0 ? -1 : left);
      let woken = false;
      for (let index = 0; index < count; index += 1) {
        if (this.#port.isWake(index)) woken = true;
        else this.#take(events, this.#port.addressOf(index));
      }
      if (woken || events.length > before) return;
      // If only cancelled requests completed, ask again: new ones may complete at once.
      if (count === 0 && performance.now() >= end) return;
    }
  }

  openWake(): WakeHandle {
    this.#wake ??= wakeByPosting({ poller: this.name, handle: this.#port.handle });
    return this.#wake;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const watched of this.#pending.values()) this.#cancel(watched);
    const end = performance.now() + LAST_WAIT_MS;
    while (this.#pending.size > 0 && performance.now() < end) {
      const count = this.#port.wait(64, LAST_WAIT_MS);
      for (let index = 0; index < count; index += 1) {
        this.#pending.delete(this.#port.addressOf(index));
      }
    }
    for (const { afd } of this.#devices) afd.close();
    this.#port.close();
    // Leaks the memory rather than freeing what the kernel may still use.
    if (this.#pending.size === 0) this.#blocks.close();
  }

  #take(events: Events, address: number): void {
    const watched = this.#pending.get(address);
    if (watched === undefined) return;
    this.#pending.delete(address);
    const wasCancelled = watched.state === "cancelled";
    watched.state = "idle";
    if (watched.isDeregistered) {
      this.#free(watched);
      return;
    }
    this.#changed.add(watched);
    // What it has found may be stale.
    if (wasCancelled) return;
    const bits = watched.device.afd.eventsOf(watched.request);
    // Closed while it was watched: there is nothing more to report.
    if (bits & AFD.LOCAL_CLOSE) {
      this.#changed.delete(watched);
      return;
    }
    const { registration } = watched;
    const ready = readyOf(bits, registration);
    if (ready !== 0 && !registration.silent) {
      events.push(registration.token, ready);
      registration.fired(ready);
    }
  }

  #submit(watched: Watched): void {
    const { armed, silent } = watched.registration;
    if (watched.state === "pending" && (armed & ~watched.pending) !== 0)
      this.#cancel(watched);
    if (watched.state !== "idle" || silent) return;
    const { base, device, request } = watched;
    watched.pending = armed;
    // No such socket: it was closed while watched, and there is nothing more to report.
    if (!device.afd.poll(request, base, bitsOf(armed))) return;
    watched.state = "pending";
    this.#pending.set(request.address, watched);
  }

  #cancel(watched: Watched): void {
    if (watched.state !== "pending") return;
    watched.state = "cancelled";
    watched.device.afd.cancel(watched.request);
  }

  #free({ request, device }: Watched): void {
    this.#blocks.give(request);
    device.users -= 1;
  }

  #device(): Device {
    let device = this.#devices.find(({ users }) => users < REQUESTS_PER_DEVICE);
    if (device === undefined) {
      device = { afd: new AfdDevice(this.#port, this.#blocks), users: 0 };
      this.#devices.push(device);
    }
    return device;
  }

  #find(what: string, fd: number): Watched {
    const watched = this.#byFd.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    return watched;
  }
}
