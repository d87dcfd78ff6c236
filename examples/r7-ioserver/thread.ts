// r7-ioserver: the entry point of a program thread, and how it reaches the I/O thread.
import { parentPort, workerData } from "node:worker_threads";
import { wakeHandleFrom, wakerFrom } from "../shared/poll/readiness/pollers.ts";
import type { SharedWaker } from "../shared/poll/readiness/waker.ts";
import { ReadyList } from "../shared/threads/ready-list.ts";
import type { SharedMemory } from "./memory.ts";
import type { Options } from "./options.ts";
import { Program } from "./program.ts";
import { Service } from "./service.ts";

/** The data that such a thread is started with. */
export interface ThreadData {
  readonly options: Options;
  /** 0, 1, … */
  readonly thread: number;
  readonly memory: SharedMemory;
  /** The I/O thread's waker. */
  readonly waker: SharedWaker;
}

const { options, thread, memory, waker }: ThreadData = workerData;
const io = wakerFrom(waker);
const say = (line: string) => parentPort?.postMessage(line);
const service = new Service(options, memory.parking, say);
const program = new Program(service, thread, memory, notifier());
await service.files.start();
say("ready");
program.run();
process.exit();

// #region notifier
/** Returns a function that notifies the I/O thread of messages in a port. */
function notifier(): (port: number) => void {
  if (options.wake === "asleep") {
    const requests = new ReadyList(memory.requests, () => io.wake());
    return (port) => requests.add(port);
  }
  const requests = new ReadyList(memory.requests, () => {});
  const kernel = wakeHandleFrom(waker.address);
  return (port) => {
    requests.add(port);
    kernel.wake();
  };
}
// #endregion notifier
