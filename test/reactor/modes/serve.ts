// Runs the word server in a mode, as a program would: node serve MODE POLLER
import { runAsGuest } from "../../../examples/shared/poll/modes/guest.ts";
import { runLoop } from "../../../examples/shared/poll/modes/own.ts";
import { LoopWorker } from "../../../examples/shared/poll/modes/worker.ts";
import { askNode, hangBell } from "./ask-node.ts";
import { Words } from "./words.ts";

const [mode = "", poller] = process.argv.slice(2);
// The handler does nothing: the signal only ends a wait.
process.on("SIGUSR2", () => {});
const modes: Record<string, () => Promise<void> | void> = { own, guest, worker };
await modes[mode]?.();

function own(): void {
  const words = new Words(poller);
  console.log(`listening on 127.0.0.1:${words.port}`);
  runLoop(words.poll, words.events, words.turn);
  console.log(`closed ${words.close()}`);
}

async function guest(): Promise<void> {
  const bell = await hangBell();
  const words = new Words(poller, (word, say) => askNode(word, say, words.port, bell));
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
