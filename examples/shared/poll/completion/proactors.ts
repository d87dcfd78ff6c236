// The proactors: which there are, which can run on this machine, and why the others cannot.

import { openPoll } from "../readiness/pollers.ts";
import { IocpKernel } from "../sys/iocp.ts";
import { UringKernel } from "../sys/uring-completion.ts";
import { ReadinessProactor } from "./adapter.ts";
import { KernelProactor } from "./kernel-proactor.ts";
import type { Proactor } from "./proactor.ts";

/** A way to have completions. */
export interface ProactorKind {
  readonly name: string;
  /** What it is, as in a list of choices. */
  readonly about: string;
  /** @throws {Error} When it cannot run here; the message says why. */
  open(): Proactor;
}

/** In the order in which `openProactor` prefers them. */
export const PROACTORS: readonly ProactorKind[] = [
  {
    name: "uring",
    about: "Linux: io_uring, the kernel accepts, receives and sends",
    open: () => new KernelProactor(new UringKernel()),
  },
  {
    name: "iocp",
    about: "Windows: overlapped operations and a completion port",
    open: () => new KernelProactor(new IocpKernel()),
  },
  {
    name: "adapter",
    about: "everywhere: over the best poller, which only tells when one may",
    open: () => new ReadinessProactor(openPoll()),
  },
];

/** Why a proactor cannot run here: undefined when it can. It is tried. */
export function whyNoProactor(kind: ProactorKind): string | undefined {
  try {
    kind.open().end();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * A proactor: the one that is asked for, or the best that is here.
 *
 * @throws {Error} When it is unknown or cannot run here.
 */
export function openProactor(name?: string): Proactor {
  for (const kind of PROACTORS) {
    if (name !== undefined && kind.name !== name) continue;
    try {
      return kind.open();
    } catch (error) {
      if (name !== undefined) throw error;
    }
  }
  const known = PROACTORS.map((one) => one.name).join(", ");
  throw new Error(
    `Cannot use the proactor ${name ?? "of this system"}: we know ${known}`,
  );
}
