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
