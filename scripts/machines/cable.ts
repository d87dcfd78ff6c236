// A cable between a server and its broker, which can be cut: then no data passes in either
// direction, and neither side is notified.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export class Cable {
  readonly #server = createServer({ noDelay: true }, (client) => this.#pass(client));
  readonly #sockets = new Set<Socket>();
  readonly #to: number;
  #isCut = false;

  /** @param to The port at its far end, on this machine. */
  constructor(to: number) {
    this.#to = to;
  }

  /** Starts to listen, on any free port. */
  async lay(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  /** The address of its near end: `127.0.0.1:PORT`. */
  get address(): string {
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  heal(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #pass(client: Socket): void {
    // Without this, Nagle's algorithm would delay small packets by 40 ms.
    const broker = connect({ host: "127.0.0.1", port: this.#to, noDelay: true });
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isCut) from.pause();
    }
  }
}
