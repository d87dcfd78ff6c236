// Runs the server of words in a mode, as a program would: node serve MODE POLLER
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";
import { runAsGuest } from "../../../examples/shared/poll/modes/guest.ts";
import { runLoop } from "../../../examples/shared/poll/modes/own.ts";
import { LoopWorker } from "../../../examples/shared/poll/modes/worker.ts";
import { type Say, Words } from "./words.ts";

const [mode = "", poller] = process.argv.slice(2);
const modes: Record<string, () => Promise<void> | void> = { own, guest, worker };
await modes[mode]?.();

function own(): void {
  const words = new Words(poller);
  console.log(`listening on 127.0.0.1:${words.port}`);
  runLoop(words.poll, words.events, words.turn);
  console.log(`closed ${words.close()}`);
}

async function guest(): Promise<void> {
  const words = new Words(poller, (word, say) => askNode(word, say, words.port));
  console.log(`listening on 127.0.0.1:${words.port}`);
  process.on("SIGINT", () => {
    console.log("interrupted");
    words.waker.wake();
  });
  try {
    await runAsGuest(words.poll, words.events, words.turn);
  } catch (error) {
    console.log(`rejected: ${error}`);
    process.exitCode = 3;
  }
  console.log(`closed ${words.close()}`);
  // A process with a handler is alive for nothing else.
  console.log(process.getActiveResourcesInfo().join() || "nothing is left");
}

/** Each word needs something else of Node. */
function askNode(word: string, say: Say, port: number): boolean {
  const asked: Record<string, () => unknown> = {
    timer: () => setTimeout(() => say("timer"), 20),
    tick: () => process.nextTick(() => say("tick")),
    promise: async () => {
      await null;
      await undefined;
      say("promise");
    },
    immediate: () => setImmediate(() => say("immediate")),
    unreferenced: () => setImmediate(() => say("unreferenced")).unref(),
    file: async () => say(`file of ${(await readFile(process.execPath)).length > 0}`),
    thread: () => {
      const source = 'require("node:worker_threads").parentPort.postMessage("thread")';
      new Worker(source, { eval: true }).once("message", say);
    },
    // A client of our own server: its descriptor is new to Node each time.
    connect: () => {
      const socket = connect(port, "127.0.0.1", () => socket.end("here\n"));
      void text(socket).then((answer) => say(`connect, ${answer.trim()}`));
    },
    // The same from where no other callback of Node's follows.
    later: () => setImmediate(() => setTimeout(() => askNode("connect", say, port))),
  };
  if (asked[word] === undefined) return false;
  asked[word]();
  return true;
}

async function worker(): Promise<void> {
  const thread = new LoopWorker(new URL("./serve-worker.js", import.meta.url), {
    workerData: { poller },
  });
  thread.on("message", (line) => console.log(line));
  process.on("SIGINT", () => {
    console.log("interrupted");
    void thread.end();
  });
  process.on("SIGTERM", () => process.exit(7));
  process.on("SIGHUP", () => void thread.terminate());
  console.log(`the worker has ended with ${await thread.ended}`);
}
