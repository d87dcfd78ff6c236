// r7-ioserver: the I/O thread, the only one that uses the kernel's sockets.
import { parentPort, workerData } from "node:worker_threads";
import { openProactor } from "../shared/poll/completion/proactors.ts";
import type { SharedWaker } from "../shared/poll/readiness/waker.ts";
import { IoServer } from "./io-server.ts";
import type { SharedMemory } from "./memory.ts";
import type { Options } from "./options.ts";

/** The data that it is started with. */
export interface IoData {
  readonly options: Options;
  /** 0 for any free port. */
  readonly port: number;
  readonly memory: SharedMemory;
}

/** A message to the main thread. */
export type IoMessage =
  | { readonly is: "listening"; readonly port: number; readonly waker: SharedWaker }
  /** It cannot start with these options. */
  | { readonly is: "refused"; readonly why: string }
  /** This program thread has died, and all its clients are disconnected. */
  | { readonly is: "reaped"; readonly thread: number };

const { options, port, memory }: IoData = workerData;
const say = (message: IoMessage) => parentPort?.postMessage(message);
const opened = open();
if (opened) {
  const { proactor, listener, waker } = opened;
  const reaped = (thread: number) => say({ is: "reaped", thread });
  const server = new IoServer(proactor, listener, memory, reaped);
  const { port } = proactor.localAddress(listener);
  say({ is: "listening", port, waker: waker.shared });
  while (server.turn());
  // Waits until the kernel has released all the memory that it uses.
  proactor.end();
}
process.exit();

/** Opens what depends on flags and environment, and so may fail. */
function open() {
  try {
    const proactor = openProactor(options.poller);
    const waker = proactor.openWaker();
    return { proactor, waker, listener: proactor.listen("127.0.0.1", port) };
  } catch (error) {
    say({ is: "refused", why: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
