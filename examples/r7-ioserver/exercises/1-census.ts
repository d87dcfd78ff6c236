// r7-1-census: a signal prints how many clients each program thread has, without messages.
// Page: docs/r7-ioserver.md
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { wakerFrom } from "../../shared/poll/readiness/pollers.ts";
import { threadProgram } from "../../shared/thread-program.ts";
import type { IoData, IoMessage } from "../io.ts";
import { newSharedMemory, ORDERS } from "../memory.ts";
import { type Options, readOptions } from "../options.ts";
import type { ThreadData } from "../thread.ts";

const PORT = Number(process.env.PORT ?? 42069);

const options = read();
const memory = newSharedMemory(options.ports, options.threads);
const io = start("io", { options, port: PORT, memory } satisfies IoData);
const { port, waker } = await listening();
const ioWaker = wakerFrom(waker);
/** How many program threads have not ended. */
let threads = 0;
let isStopping = false;
io.once("exit", () => {
  if (!isStopping) fail("the I/O thread has ended");
});
io.on("message", (message: IoMessage) => {
  if (message.is === "reaped") void startProgram(message.thread);
});
// Otherwise the I/O thread, asleep in the kernel, would keep the process from exiting.
process.on("exit", () => order(ORDERS.end));
await Promise.all(Array.from({ length: options.threads }, (_, at) => startProgram(at)));
process.once("SIGINT", stop).once("SIGTERM", stop);
console.log(`listening on 127.0.0.1:${port}`);

/** All threads see the owner of each port, so counting needs no message. */
process.on("SIGUSR2", () => {
  const counts = Array.from({ length: options.threads }, () => 0);
  for (const number of memory.owners.keys()) {
    const owner = Atomics.load(memory.owners, number);
    const count = counts[owner];
    if (count !== undefined) counts[owner] = count + 1;
  }
  console.log(`clients: ${counts.join(" ")}`);
});

/** Stops accepting clients; each program thread ends after its last one. */
function stop(): void {
  isStopping = true;
  order(ORDERS.stop);
}

/** Writes an order for the I/O thread, and wakes it. */
function order(word: number, value = 1): void {
  Atomics.or(memory.orders, word, value);
  ioWaker.wake();
}

// #region supervise
/** Starts a program thread. If it dies, its clients are disconnected and it is replaced. */
async function startProgram(thread: number): Promise<void> {
  const data: ThreadData = { options, thread, memory, waker };
  const worker = start("thread", data);
  threads += 1;
  let isReady = false;
  let why = "it has ended";
  worker.once("error", (error) => {
    why = String(error);
  });
  worker.once("exit", (code) => {
    threads -= 1;
    if (code === 0 && isStopping) {
      if (threads === 0) order(ORDERS.end);
      return;
    }
    // Its replacement would die as well.
    if (!isReady) fail(`a program thread cannot start: ${why}`);
    const after = "its clients are disconnected and it is replaced";
    console.error(`program thread ${thread} has died: ${why}; ${after}`);
    order(ORDERS.died, 1 << thread);
  });
  await once(worker, "message");
  isReady = true;
  // The thread blocks, so it cannot print for itself.
  worker.on("message", (line: string) => console.error(line));
}
// #endregion supervise

/** Waits until the I/O thread listens. @returns Its port and its waker. */
async function listening(): Promise<IoMessage & { is: "listening" }> {
  io.once("error", (error) => fail(`the I/O thread has died: ${error}`));
  const [message]: IoMessage[] = await once(io, "message");
  if (message?.is === "listening") return message;
  return fail(message?.is === "refused" ? message.why : "the I/O thread has ended");
}

function start(name: "io" | "thread", data: object): Worker {
  const { program, file } = threadProgram(new URL(`../${name}.ts`, import.meta.url));
  return new Worker(program, { workerData: { ...data, file } });
}

/** Reads the flags; if one is invalid, prints one line and exits. */
function read(): Options {
  try {
    return readOptions();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}
