// An operation that a kernel performs for a proactor, and what its outcome means.
import { constants } from "node:os";
import { afterAccept, afterTransfer, TRIES } from "../errors.ts";
import type { Token } from "../token.ts";
import type { Block } from "./blocks.ts";
import type { Outcome } from "./completion-kernel.ts";

export type Kind = "accept" | "recv" | "send";
/** What is reported about an operation; for an accept, the descriptor. */
export type Result = number | Uint8Array | "full" | "end" | "reset" | "sent";

const { ECANCELED } = constants.errno;

/** A socket of a `KernelProactor`. */
export interface OpenSocket {
  readonly fd: number;
  /** Set when it is added to the table. */
  token: Token;
  readonly isListener: boolean;
  /** In flight: at most one of each kind. */
  readonly operations: Map<Kind, Operation>;
  closing: boolean;
}

/** Creates a socket without operations. */
export function openSocket(fd: number, isListener = false): OpenSocket {
  return { fd, token: 0, isListener, operations: new Map(), closing: false };
}

/** An operation in flight. A late outcome never finds another one, because ids differ. */
export interface Operation {
  readonly kind: Kind;
  readonly socket: OpenSocket;
  /** Lent to the kernel. */
  readonly block: Block | undefined;
  /** Set when it is added to the slab. */
  id: Token;
  readonly size: number;
  sent: number;
  /** How many times it was repeated without progress. */
  tries: number;
}

/**
 * Interprets an outcome.
 *
 * @returns "again" when the operation must be repeated: only a part was sent, a client has
 *   disconnected before it was accepted, or the call was interrupted.
 * @throws {SysError} When it is a bug of our own (`errors.ts`).
 */
export function resultOf(operation: Operation, outcome: Outcome): Result | "again" {
  const result =
    outcome < 0 ? afterError(operation, -outcome) : afterWork(operation, outcome);
  if (result !== "again" || outcome > 0) return result;
  operation.tries += 1;
  if (operation.tries < TRIES) return "again";
  return operation.kind === "accept" ? "full" : "reset";
}

function afterError({ kind }: Operation, error: number): "again" | "full" | "reset" {
  if (error === ECANCELED) return "again";
  const after = kind === "accept" ? afterAccept(error) : afterTransfer(kind, error);
  return after === "blocked" ? "again" : after;
}

function afterWork(operation: Operation, count: number): Result | "again" {
  const { kind, block, size } = operation;
  if (kind === "accept") return count;
  if (kind === "recv")
    return count === 0 ? "end" : (block?.bytes.subarray(0, count) ?? "end");
  operation.sent += count;
  if (operation.sent === size) return "sent";
  return count > 0 ? "again" : "reset";
}
