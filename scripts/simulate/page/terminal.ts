// A client that the reader types into. It runs on the machine: its network is simulated.
import { connect, type Socket } from "node:net";
import type { Act } from "../node/acts.ts";
import type { Move } from "./orders.ts";

/** The most bytes that it reads at once. */
const CHUNK = 65_536;

export class Terminal {
  #socket: Socket | undefined;

  /** Connects. Like nc, it closes when the server does. @param localPort Its own port. */
  connect(port: number, localPort: number): void {
    // With a buffer of its own, `pause` stops reading at once. Without one, a socket reads on
    // until its stream is full. The page shows what is read from what it watches.
    const onread = { buffer: new Uint8Array(CHUNK), callback: () => true };
    const socket = connect({ host: "127.0.0.1", port, localPort, onread });
    this.#socket = socket;
    // The page shows errors from what it watches.
    socket.on("error", () => {});
    socket.resume();
  }

  get isConnected(): boolean {
    return this.#socket?.destroyed === false;
  }

  /**
   * Makes a move of a connected user; see `connect`.
   *
   * @returns what its socket does not show by itself: why the move is impossible, or that the
   * reading changed.
   */
  does(move: Move, text: string): Act["what"] | undefined {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return "is not connected";
    if (move === "connect") return "is connected already";
    const isSending = move === "line" || move === "finish";
    if (isSending && !socket.writable) return "has finished";
    if (move === "line") socket.write(`${text}\n`);
    if (move === "finish") socket.end();
    if (move === "reset") socket.resetAndDestroy();
    if (move === "stop reading") {
      socket.pause();
      return "stops reading";
    }
    if (move === "read on") {
      socket.resume();
      return "resumes reading";
    }
    return undefined;
  }
}
