// The state of a socket that AFD watches.
import type { Block } from "../completion/blocks.ts";
import type { Interest } from "../readiness/interest.ts";
import type { Registration } from "../readiness/registration.ts";
import type { AfdDevice } from "./afd-device.ts";

export interface Device {
  readonly afd: AfdDevice;
  users: number;
}

export interface Watched {
  /** The base socket, below all layers. */
  readonly base: number;
  readonly device: Device;
  /** Lent to the kernel, unless `state` is idle. */
  readonly request: Block;
  readonly registration: Registration;
  state: "idle" | "pending" | "cancelled";
  /** What AFD was asked for. */
  pending: Interest;
  /** Deregistered: all of this is freed once the request completes. */
  isDeregistered: boolean;
}
