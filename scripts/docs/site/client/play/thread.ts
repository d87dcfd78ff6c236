// A thread of its own for the machine: the page lives whatever the server does.
import type { Order, Report } from "../../../../simulate/page/orders.ts";
import { programText } from "./step.ts";

/** How often it is asked whether it is alive, in milliseconds. */
const PING = 500;
/** So many questions without an answer: its program has a loop that does not end. */
const PATIENCE = 6;
/** Until its first answer it may still be loading. */
const START = 60;

export class Thread {
  readonly #worker: Worker;
  readonly #timer: number;
  #unanswered = 0;
  #patience = START;

  /** @param stuck Called when it does not answer any more: it was ended. */
  constructor(report: (report: Report) => void, stuck: () => void) {
    // A page that is opened from a file may start only a worker that it holds itself.
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
    // Counted, not timed: a page that slept has asked nothing.
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
