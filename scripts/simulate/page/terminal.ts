// A client that somebody types into. It runs on the machine: its net is simulated.
import { connect, type Socket } from "node:net";
import type { Move } from "./orders.ts";

export class Terminal {
  #socket: Socket | undefined;

  /** As nc: it ends when it sees the end. @param localPort Its own. */
  connect(port: number, localPort: number): void {
    const socket = connect({ host: "127.0.0.1", port, localPort });
    this.#socket = socket;
    // What happens to it is shown by those who watch.
    socket.on("error", () => {});
    socket.resume();
  }

  /** Does what its user wants. What makes no sense now does nothing. */
  does(move: Move, text: string): void {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    if (move === "line" && socket.writable) socket.write(`${text}\n`);
    if (move === "finish") socket.end();
    if (move === "reset") socket.resetAndDestroy();
    if (move === "stop reading") socket.pause();
    if (move === "read on") socket.resume();
  }
}
