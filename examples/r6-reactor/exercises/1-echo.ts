// r6-1-echo: a second protocol in the same loop, on a port of its own.
// Page: docs/r6-reactor.md
import { once } from "node:events";
import { runAsGuest } from "../../shared/poll/modes/guest.ts";
import { runLoop } from "../../shared/poll/modes/own.ts";
import { LoopWorker } from "../../shared/poll/modes/worker.ts";
import { TcpListener, type TcpStream } from "../../shared/poll/net.ts";
import { Events } from "../../shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../shared/poll/readiness/interest.ts";
import { wakerFrom } from "../../shared/poll/readiness/pollers.ts";
import type { Waker } from "../../shared/poll/readiness/waker.ts";
import type { Token } from "../../shared/poll/token.ts";
import { threadProgram } from "../../shared/thread-program.ts";
import { EventHandler, READINESS, type Readiness } from "../handler.ts";
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

/** Echoes its client's bytes. It reads no more while the kernel has not accepted them. */
class Echo extends EventHandler {
  readonly #stream: TcpStream;
  readonly #token: Token;
  #left = Buffer.alloc(0);

  constructor(stream: TcpStream) {
    super();
    this.#stream = stream;
    this.#token = loop.reactor.register(this, stream, READABLE | WRITABLE);
  }

  handle(readiness: Readiness): boolean {
    if (readiness & READINESS.unwatched) return this.#leaves();
    for (let step = 0; step < 16; step += 1) {
      if (this.#left.length === 0) {
        const bytes = Buffer.alloc(4096);
        const count = this.#stream.read(bytes);
        if (count === "blocked") return false;
        if (typeof count === "string") return this.#leaves();
        this.#left = bytes.subarray(0, count);
      }
      const sent = this.#stream.write(this.#left);
      if (sent === "blocked") return false;
      if (sent === "reset") return this.#leaves();
      this.#left = this.#left.subarray(sent);
    }
    return true;
  }

  #leaves(): false {
    loop.forget(this);
    loop.reactor.unregister(this.#token, this.#stream);
    this.#stream.close();
    return false;
  }
}

/** Accepts clients on the echo port. */
class EchoListener extends EventHandler {
  handle(): boolean {
    for (;;) {
      const stream = echoes.accept();
      if (typeof stream === "string") return false;
      new Echo(stream);
    }
  }
}

const echoes = TcpListener.listen("127.0.0.1", 0);
loop.reactor.register(new EchoListener(), echoes, READABLE);
console.log(`echo on 127.0.0.1:${echoes.localAddress().port}`);

const events = new Events(EVENTS);
// The first timeout is 0, because only a turn registers our sources with the kernel.
if (process.platform === "win32") runLoop(poll, events, loop.turn, 0);
else {
  const stop = () => stopAll(shared.word, wakers);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  await runAsGuest(poll, events, loop.turn, 0);
}
files.end();
echoes.close();
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
