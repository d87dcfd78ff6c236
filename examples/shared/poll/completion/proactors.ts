// The proactors: which exist, and the choice of one.
import { type Backend, openPoll } from "../readiness/pollers.ts";
import { IocpKernel } from "../sys/iocp.ts";
import { UringKernel } from "../sys/uring-completion.ts";
import { ReadinessProactor } from "./adapter.ts";
import { KernelProactor } from "./kernel-proactor.ts";
import type { Proactor } from "./proactor.ts";

/** The kernels' own come first. */
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
    about: "everywhere: over the best poller, which only reports readiness",
    open: () => new ReadinessProactor(openPoll()),
  },
];

/**
 * Opens the given proactor, or the best one available.
 *
 * @param name The name of a proactor, or of a poller for the adapter to use.
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
