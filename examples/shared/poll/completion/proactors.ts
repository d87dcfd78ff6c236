// The proactors: which there are.
import { type Backend, openPoll } from "../readiness/pollers.ts";
import { IocpKernel } from "../sys/iocp.ts";
import { UringKernel } from "../sys/uring-completion.ts";
import { ReadinessProactor } from "./adapter.ts";
import { KernelProactor } from "./kernel-proactor.ts";
import type { Proactor } from "./proactor.ts";

/** The kernels' own first. */
export const PROACTORS: readonly Backend<Proactor>[] = [
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

/**
 * A proactor: the one that is asked for, or the best that is here.
 *
 * @param name Of a proactor; or of a poller, which then the adapter stands on.
 * @throws {Error} When it is unknown or cannot run here; the message says why.
 */
export function openProactor(name?: string): Proactor {
  const found = PROACTORS.find((one) => one.name === name);
  if (found) return found.open();
  if (name !== undefined) return new ReadinessProactor(openPoll({ poller: name }));
  for (const { open } of PROACTORS.slice(0, -1)) {
    try {
      return open();
    } catch {}
  }
  return new ReadinessProactor(openPoll());
}
