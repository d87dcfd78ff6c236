// An operation that a kernel does for a proactor, and what its outcome means.
import { constants } from "node:os";
import { afterAccept, afterTransfer, TRIES } from "../errors.ts";
import type { Token } from "../token.ts";
import type { Block } from "./blocks.ts";
import type { Outcome } from "./completion-kernel.ts";

export type Kind = "accept" | "recv" | "send";
/** What is reported of it; for an accept, the descriptor. */
export type Result = number | Uint8Array | "full" | "end" | "reset" | "sent";

const { ECANCELED } = constants.errno;

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
  /** How often it was asked for again and nothing came of it. */
  tries: number;
}

/**
 * Is it over, and how? "again": a part was sent; a client was gone before it was accepted; the
 * kernel was disturbed.
 *
 * @throws {SysError} When it is our own mistake (`errors.ts`).
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
