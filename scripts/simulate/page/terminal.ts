// A client that the reader types into. It runs on the machine: its network is simulated.
import { connect, type Socket } from "node:net";
import type { Move } from "./orders.ts";

export class Terminal {
  #socket: Socket | undefined;

  /** Connects. Like nc, it closes when the server does. @param localPort Its own port. */
  connect(port: number, localPort: number): void {
    const socket = connect({ host: "127.0.0.1", port, localPort });
    this.#socket = socket;
    // The page shows errors from what it watches.
    socket.on("error", () => {});
    socket.resume();
  }

  /** Makes a move of the user. A move that is impossible now does nothing. */
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
