// r6-3-trace: prints what happens to which handler.
// Page: docs/r6-reactor.md
import { once } from "node:events";
import { runAsGuest } from "../../shared/poll/modes/guest.ts";
import { runLoop } from "../../shared/poll/modes/own.ts";
import { LoopWorker } from "../../shared/poll/modes/worker.ts";
import { Events } from "../../shared/poll/readiness/events.ts";
import { wakerFrom } from "../../shared/poll/readiness/pollers.ts";
import type { Waker } from "../../shared/poll/readiness/waker.ts";
import { threadProgram } from "../../shared/thread-program.ts";
import { READINESS } from "../handler.ts";
import { type Options, readOptions } from "../options.ts";
import { EVENTS, newShared, openLoop } from "../serve.ts";
import { stopAll } from "../stop.ts";
import type { ThreadData } from "../thread.ts";

const PORT = Number(process.env.PORT ?? 42069);

/** Shared by all threads. */
const shared = newShared();
const { options, loop, poll, files, port } = await open();
const { waker } = loop.reactor;
const threads = await startThreads(options, port);
const wakers = [waker, ...threads.map(({ waker }) => waker)];
console.log(`listening on 127.0.0.1:${port}`);

const notify = loop.notify.bind(loop);
loop.notify = (handler, readiness) => {
  const names = Object.entries(READINESS).filter(([, bit]) => readiness & bit);
  console.log(`${handler.constructor.name}: ${names.map(([name]) => name).join(", ")}`);
  notify(handler, readiness);
};

const events = new Events(EVENTS);
// The first timeout is 0, because only a turn registers our sources with the kernel.
if (process.platform === "win32") runLoop(poll, events, loop.turn, 0);
else {
  const stop = () => stopAll(shared.word, wakers);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  await runAsGuest(poll, events, loop.turn, 0);
}
files.end();
await Promise.all(threads.map(({ worker }) => worker.ended));

/** Starts the loops of the other threads, and waits until all of them listen. */
async function startThreads(
  options: Options,
  port: number,
): Promise<{ worker: LoopWorker; waker: Waker }[]> {
  const { program, file } = threadProgram(new URL("../thread.ts", import.meta.url));
  const others = Array.from({ length: options.threads - 1 }, async () => {
    const data: ThreadData = { options, port, shared };
    const worker = new LoopWorker(program, { workerData: { ...data, file } });
    const [waker] = await once(worker, "message");
    return { worker, waker: wakerFrom(waker) };
  });
  return Promise.all(others);
}

/** Opens what depends on flags and environment; on failure, prints one line and exits. */
async function open() {
  try {
    const options = readOptions();
    const opened = openLoop(options, PORT, shared);
    await opened.files.start();
    return { options, ...opened };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
