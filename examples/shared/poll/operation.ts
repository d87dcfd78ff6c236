// An operation that a kernel does for a proactor, and what its outcome means.
import type { Block } from "./blocks.ts";
import type { Outcome } from "./completion-kernel.ts";
import type { Token } from "./token.ts";

export type Kind = "accept" | "recv" | "send";

/** A socket of a `KernelProactor`. */
export interface OpenSocket {
  readonly fd: number;
  /** Given when it is added. */
  token: Token;
  /** In flight: at most one of a kind. */
  readonly operations: Map<Kind, Operation>;
  closing: boolean;
}

/** A socket of which nothing was asked yet. */
export function openSocket(fd: number): OpenSocket {
  return { fd, token: 0, operations: new Map(), closing: false };
}

/** It has an id of its own, and so an outcome finds it, or nobody. */
export interface Operation {
  readonly kind: Kind;
  readonly socket: OpenSocket;
  /** Lent to the kernel. */
  readonly block: Block | undefined;
  /** Given when it is added. */
  id: Token;
  readonly size: number;
  sent: number;
}

/**
 * Is it to be asked for again? A part was sent; a client was gone before it was accepted; the
 * kernel was disturbed.
 */
export function goesOn(operation: Operation, outcome: Outcome): boolean {
  if (outcome === "cancelled") return true;
  if (operation.kind === "accept") return outcome === "reset";
  if (operation.kind === "recv" || typeof outcome !== "number") return false;
  operation.sent += outcome;
  return outcome > 0 && operation.sent < operation.size;
}

/** What a recv has brought. */
export function receivedBy(
  { block }: Operation,
  outcome: Outcome,
): Uint8Array | "end" | "reset" {
  if (typeof outcome !== "number" || block === undefined) return "reset";
  return outcome === 0 ? "end" : block.bytes.subarray(0, outcome);
}
