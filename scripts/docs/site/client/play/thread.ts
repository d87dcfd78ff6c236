// A worker thread for the machine, so that the page stays responsive whatever the server
// does.
import type { Order, Report } from "../../../../simulate/page/orders.ts";
import { programText } from "./step.ts";

/** How often the thread is pinged, in milliseconds. */
const PING = 500;
/** After this many unanswered pings, its program is in an endless loop. */
const PATIENCE = 6;
/** The same until its first answer, because it may still be loading. */
const START = 60;

export class Thread {
  readonly #worker: Worker;
  readonly #timer: number;
  #unanswered = 0;
  #patience = START;

  /** @param stuck Called when the thread no longer answers, and has been terminated. */
  constructor(report: (report: Report) => void, stuck: () => void) {
    // A page opened from a file may only start a worker from a blob of its own.
    const program = new Blob([programText()], { type: "text/javascript" });
    const address = URL.createObjectURL(program);
    this.#worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.#worker.onmessage = ({ data }: MessageEvent<Report>) => {
      this.#unanswered = 0;
      this.#patience = PATIENCE;
      if (data.of !== "pong") report(data);
    };
    this.#worker.onerror = ({ message }) => report({ of: "failure", message });
    this.ask({ do: "ping" });
    // Pings are counted rather than timed, because a page that slept has sent none.
    this.#timer = window.setInterval(() => {
      if (this.#unanswered >= this.#patience) {
        this.end();
        stuck();
        return;
      }
      this.#unanswered += 1;
      this.ask({ do: "ping" });
    }, PING);
  }

  ask(order: Order): void {
    this.#worker.postMessage(order);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#worker.terminate();
  }
}
