// An array of `struct kevent`, for kevent(2): changes to make, or events received.
import { type CFunction, checked, library } from "../ffi.ts";
import type { WakeAddress, WakeHandle } from "../readiness/selector.ts";
import { KQUEUE, type KqueueLayout, kqueueLayout } from "./layout-kqueue.ts";

/** A fixed number of them, in their own memory. */
export class KeventList {
  readonly capacity: number;
  readonly bytes: Uint8Array;
  readonly #size: number;
  readonly #view: DataView;

  constructor(capacity: number, { size }: KqueueLayout) {
    this.capacity = capacity;
    this.bytes = new Uint8Array(capacity * size);
    this.#size = size;
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Writes one. All systems with kqueue that we know are little-endian. */
  set(index: number, ident: number, filter: number, flags: number, fflags: number): void {
    const at = index * this.#size;
    this.bytes.fill(0, at, at + this.#size);
    this.#view.setUint32(at, ident, true);
    this.#view.setInt16(at + 8, filter, true);
    this.#view.setUint16(at + 10, flags, true);
    this.#view.setUint32(at + 12, fflags, true);
  }

  /** The descriptor that it is about. */
  ident(index: number): number {
    return this.#view.getUint32(index * this.#size, true);
  }

  filter(index: number): number {
    return this.#view.getInt16(index * this.#size + 8, true);
  }

  flags(index: number): number {
    return this.#view.getUint16(index * this.#size + 10, true);
  }

  fflags(index: number): number {
    return this.#view.getUint32(index * this.#size + 12, true);
  }

  /** In a receipt: the error, or 0. */
  data(index: number): number {
    return this.#view.getInt32(index * this.#size + 16, true);
  }
}

/** Wakes by triggering the EVFILT_USER filter of a kqueue, from any thread (kqueue(2)). */
export function wakeByTrigger(shared: WakeAddress): WakeHandle {
  const layout = kqueueLayout();
  const kevent: CFunction = library(layout.library).fn(
    "int kevent(int kqueue, void *changes, int count, void *events, int room, void *timeout)",
  );
  const change = new KeventList(1, layout);
  const atOnce = new BigInt64Array(2);
  return {
    shared,
    wake: () => {
      change.set(0, 0, layout.EVFILT_USER, 0, KQUEUE.NOTE_TRIGGER);
      const result = kevent(shared.handle, change.bytes, 1, null, 0, atOnce);
      checked("wake a poller", result);
    },
  };
}
