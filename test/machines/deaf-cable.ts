// A cable over which one consumer of the log hears nothing any more, while all else passes: so a
// consumer stands still after an election, appends succeed, and nobody is notified.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** `HMSG subject sid reply header-bytes bytes`, or `MSG subject sid reply bytes`. */
const MESSAGE = /^H?MSG \S+ \S+ (?:(\S+) )?(?:\d+ )?(\d+)$/;
const ENTRY = /^\$JS\.ACK\.chat\.([^.]+)\./;

export class DeafCable {
  readonly address: string;
  /** The consumers that were delivered entries, in their order. */
  readonly consumers: string[] = [];
  /** How many entries were kept back. */
  lost = 0;
  #deaf: string | undefined;

  private constructor(port: number) {
    this.address = `127.0.0.1:${port}`;
  }

  /** Lays one to a port of this machine; it goes with the test. */
  static async lay(to: number): Promise<DeafCable> {
    const sockets: Socket[] = [];
    const server = createServer({ noDelay: true }, (client) => {
      const broker = connect({ host: "127.0.0.1", port: to, noDelay: true });
      sockets.push(client, broker);
      for (const socket of [client, broker]) socket.on("error", () => {});
      client.on("data", (bytes) => broker.write(bytes)).on("close", () => broker.end());
      cable.#filter(broker, client);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const cable = new DeafCable((server.address() as AddressInfo).port);
    return cable;
  }

  /** The consumer that is delivered entries now is delivered none from here on. */
  deafen(): void {
    this.#deaf = this.consumers.at(-1);
  }

  /** Passes on whole frames of the broker: a line, and behind some the bytes of a message. */
  #filter(broker: Socket, client: Socket): void {
    let rest: Buffer = Buffer.alloc(0);
    broker.on("close", () => client.destroy());
    broker.on("data", (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (;;) {
        const end = rest.indexOf("\r\n");
        if (end < 0) return;
        const match = MESSAGE.exec(rest.toString("latin1", 0, end));
        const length = end + 2 + (match ? Number(match[2]) + 2 : 0);
        if (rest.length < length) return;
        const consumer = ENTRY.exec(match?.[1] ?? "")?.[1];
        if (consumer !== undefined && consumer === this.#deaf) this.lost += 1;
        else client.write(rest.subarray(0, length));
        if (consumer !== undefined && !this.consumers.includes(consumer)) {
          this.consumers.push(consumer);
        }
        rest = rest.subarray(length);
      }
    });
  }
}
