// What is kept of a socket that AFD watches.
import type { Block } from "../blocks.ts";
import type { Interest, Mode } from "../interest.ts";
import type { Token } from "../token.ts";
import type { AfdDevice } from "./afd-device.ts";

export interface Device {
  readonly afd: AfdDevice;
  users: number;
}

export interface Watched {
  /** The socket below all layers. */
  readonly base: number;
  readonly device: Device;
  /** Lent to the kernel, unless we are idle. */
  readonly request: Block;
  token: Token;
  interest: Interest;
  mode: Mode;
  /** What of the interest is to be told of next. */
  armed: Interest;
  state: "idle" | "asked" | "cancelled";
  /** What AFD was asked for. */
  bits: number;
  /** Deregistered: the request is to end, and then all of it. */
  gone: boolean;
}
