// r7-3-echo: another program on the same I/O thread, which sends back every byte.
// Page: docs/r7-ioserver.md
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { wakerFrom } from "../../shared/poll/readiness/pollers.ts";
import { threadProgram } from "../../shared/thread-program.ts";
import { Channel } from "../../shared/threads/channel.ts";
import { Parker } from "../../shared/threads/parker.ts";
import { ReadyList } from "../../shared/threads/ready-list.ts";
import { select } from "../../shared/threads/select.ts";
import type { IoData, IoMessage } from "../io.ts";
import { newSharedMemory, ORDERS } from "../memory.ts";
import { readOptions } from "../options.ts";
import { SocketPort } from "../port.ts";
import type { ThreadData } from "../thread.ts";

const PORT = Number(process.env.PORT ?? 42069);

if (isMainThread) await main();
else echo(workerData);

/** Starts both threads. */
async function main(): Promise<void> {
  const options = readOptions();
  const memory = newSharedMemory(options.ports, 1);
  const io = start("../io", { options, port: PORT, memory } satisfies IoData);
  const [message]: IoMessage[] = await once(io, "message");
  if (message?.is !== "listening") {
    console.error(message?.is === "refused" ? message.why : "no I/O thread");
    process.exit(1);
  }
  const { port, waker } = message;
  const ioWaker = wakerFrom(waker);
  const order = (word: number) => {
    Atomics.store(memory.orders, word, 1);
    ioWaker.wake();
  };
  process.on("exit", () => order(ORDERS.end));
  const program = start("./3-echo", { options, thread: 0, memory, waker });
  program.once("exit", () => order(ORDERS.end));
  await once(program, "message");
  const stop = () => order(ORDERS.stop);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  console.log(`listening on 127.0.0.1:${port}`);
}

function start(name: string, data: object): Worker {
  const { program, file } = threadProgram(new URL(`${name}.ts`, import.meta.url));
  return new Worker(program, { workerData: { ...data, file } });
}

/** Runs the program thread. */
function echo({ thread, memory, waker }: ThreadData): void {
  const io = wakerFrom(waker);
  const requests = new ReadyList(memory.requests, () => io.wake());
  const results = memory.results[thread];
  if (results === undefined)
    throw new RangeError(`Cannot run thread ${thread}: too high`);
  const parker = new Parker(memory.parking, thread);
  const accepted = new Channel(memory.accepted);
  const ready = new ReadyList(results);
  const clients = new Map<number, SocketPort>();
  parentPort?.postMessage("ready");
  for (;;) {
    const got = select(parker, { accepted, ready });
    if (got === undefined || got.value === "closed") break;
    if (got.from === "accepted") {
      Atomics.store(memory.owners, got.value, thread);
      const client = new SocketPort(memory, got.value, (number) => requests.add(number));
      clients.set(client.number, client);
      client.more();
    } else {
      const client = clients.get(got.value);
      if (client && isOver(client)) clients.delete(client.number);
    }
  }
  process.exit();
}

/** Handles a client's messages. @returns Whether the client has left. */
function isOver(client: SocketPort): boolean {
  for (let result = client.tryRecv(); result !== "empty"; result = client.tryRecv()) {
    if (result === "end" || result === "reset") {
      client.close();
      return true;
    }
    // Ask for more only when everything is sent, so that a slow reader slows itself down.
    if (result === "sent") client.more();
    else {
      client.trySend(result);
      client.flush();
    }
  }
  return false;
}
