// Members that never read. All buffers between server and member are full before the load begins.
import { Client, greeted, joins, type Target } from "./client.ts";

/** The room in which their buffers are filled. */
const ROOM = "deaf";
/** Sent to each of them: more than the socket buffers of both sides take. */
const BYTES = 8_000_000;
/** Almost the longest message that step 18 accepts. */
const LINE = `${"x".repeat(390)}\n`;
/** Lines in flight at a time. The member that sends them must not fall behind. */
const BATCH = 500;
/** How many connect at a time. */
const RAMP = 16;
/** How long they may take to join the room of the load, in milliseconds. */
const LIMIT_MS = 10_000;

export class Deaf {
  readonly #clients: Client[] = [];

  /** Connects `count` members, and sends to them until all their buffers are full. */
  async fill(target: Target, count: number): Promise<void> {
    const talker = await this.#enter(target);
    while (this.#clients.length <= count) {
      const left = count + 1 - this.#clients.length;
      const wave = Array.from({ length: Math.min(RAMP, left) }, () =>
        this.#enter(target),
      );
      for (const client of await Promise.all(wave)) client.socket.pause();
    }
    for (let sent = 0; sent < BYTES; sent += BATCH * LINE.length) {
      talker.send(LINE.repeat(BATCH));
      for (let seen = 0; seen < BATCH; seen += 1)
        await talker.until((line) => line.endsWith("xxx"));
    }
    this.#clients.shift();
    talker.socket.destroy();
  }

  /**
   * Makes them join a room, still without reading.
   *
   * @param witness A member of that room.
   * @throws {Error} When they do not arrive: the server may have disconnected them.
   */
  async join(room: string, witness: Client): Promise<void> {
    const names = new Set(this.#clients.map(({ name }) => `${name} joined`));
    for (const client of this.#clients) client.send(`/join ${room}\n`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error("it disconnects clients that do not read");
      timer = setTimeout(() => reject(error), LIMIT_MS);
    });
    const all = witness.until((line) => names.delete(line) && names.size === 0);
    await Promise.race([all, late]).finally(() => clearTimeout(timer));
  }

  close(): void {
    for (const { socket } of this.#clients) socket.destroy();
  }

  async #enter(target: Target): Promise<Client> {
    const client = new Client(target, () => {});
    this.#clients.push(client);
    await greeted(client);
    await joins(client, ROOM);
    return client;
  }
}
