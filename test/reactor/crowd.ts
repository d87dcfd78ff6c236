// Many clients of a file server in quick succession, some of them rude. They run on our own
// poller, so that the load is on the server and not on the test. Linux.

import { checked, library } from "../../examples/shared/poll/ffi.ts";
import { TcpStream } from "../../examples/shared/poll/net.ts";
import { Events } from "../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../examples/shared/poll/readiness/poll.ts";
import { openPoll } from "../../examples/shared/poll/readiness/pollers.ts";
import { systemSockets } from "../../examples/shared/poll/system-sockets.ts";
import { Slab, type Token } from "../../examples/shared/poll/token.ts";
import { requestOf } from "./wire.ts";

/** What a client does. */
interface Fate {
  /** What it sends once it is connected. */
  readonly sends: string;
  /** How it leaves: after its answer, within it by a reset, or at once. */
  readonly leaves: "at the end" | "finishing" | "closing" | "resetting" | "in the middle";
  /** How its answer begins; empty when it waits for none. */
  readonly receives: string;
}

const GET = requestOf("/poem.txt");

/** Used in turn. "finishing": the client half-closes, and reads to the end. */
const FATES: readonly Fate[] = [
  { sends: GET, leaves: "at the end", receives: "HTTP/1.1 200 " },
  { sends: requestOf("/nobody"), leaves: "at the end", receives: "HTTP/1.1 404 " },
  { sends: requestOf("/", "POST"), leaves: "at the end", receives: "HTTP/1.1 405 " },
  { sends: "GET / HT", leaves: "resetting", receives: "" },
  { sends: "", leaves: "closing", receives: "" },
  { sends: "", leaves: "finishing", receives: "" },
  { sends: GET, leaves: "finishing", receives: "HTTP/1.1 200 " },
  { sends: GET, leaves: "resetting", receives: "" },
  { sends: requestOf("/middling.bin"), leaves: "in the middle", receives: "" },
];

interface Client {
  readonly stream: TcpStream;
  readonly fate: Fate;
  begun: boolean;
  received: string;
}

/** The number of clients at a time. */
const AT_ONCE = 50;
const EVENTS = 256;

/**
 * Source addresses: on Linux all of 127/8 is this machine. The side that closes first keeps
 * its port for a minute (TIME_WAIT), and one address has too few ports.
 */
const HOSTS = Array.from({ length: 16 }, (_, at) => `127.0.0.${at + 1}`);
/**
 * Linux option (ip(7)): `bind` takes only the address, and `connect` chooses a port that is
 * free towards this server. Otherwise a port may still be in TIME_WAIT.
 */
const IP_BIND_ADDRESS_NO_PORT = [0, 24] as const;
/** After this many waits, other work of this thread gets its turn. */
const TURN = 100;

/**
 * Sends `size` clients to a server, and waits until the last has left.
 *
 * @param look Called now and then during the run.
 * @throws {Error} When a client gets an unexpected answer.
 */
export async function sendCrowd(
  port: number,
  size: number,
  look: () => void,
): Promise<void> {
  const poll = openPoll();
  const crowd = new Crowd(poll, port);
  try {
    let turns = 0;
    for (let sent = 0; sent < size || crowd.size > 0; turns += 1) {
      for (; sent < size && crowd.size < AT_ONCE; sent += 1) crowd.send(sent);
      crowd.wait();
      if (turns % TURN !== 0) continue;
      look();
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    poll.close();
  }
}

class Crowd {
  readonly #poll: Poll;
  readonly #port: number;
  readonly #events = new Events(EVENTS);
  readonly #clients = new Slab<Client>();
  readonly #sockets = systemSockets();
  readonly #setsockopt = library().fn(
    "int setsockopt(int socket, int level, int name, void *value, uint32_t size)",
  );
  readonly #piece = Buffer.alloc(4096);

  constructor(poll: Poll, port: number) {
    this.#poll = poll;
    this.#port = port;
  }

  get size(): number {
    return this.#clients.size;
  }

  send(number: number): void {
    const fate = FATES[number % FATES.length];
    if (fate === undefined) return;
    const stream = this.#connectFrom(HOSTS[number % HOSTS.length] ?? "");
    const token = this.#clients.add({ stream, fate, begun: false, received: "" });
    this.#poll.registry.register(stream, token, WRITABLE, "level");
  }

  wait(): void {
    this.#poll.poll(this.#events, null);
    for (let index = 0; index < this.#events.length; index += 1) {
      const token = this.#events.token(index);
      const client = this.#clients.get(token);
      if (client === undefined) continue;
      if (!client.begun) this.#begin(client, token);
      else this.#read(client, token);
    }
  }

  #connectFrom(host: string): TcpStream {
    const stream = new TcpStream(this.#sockets.open(), this.#sockets);
    try {
      const on = Int32Array.of(1);
      const result = this.#setsockopt(stream.fd, ...IP_BIND_ADDRESS_NO_PORT, on, 4);
      checked("set an option", result);
      this.#sockets.bind(stream.fd, host, 0);
      this.#sockets.connect(stream.fd, "127.0.0.1", this.#port);
    } catch (error) {
      stream.close();
      throw error;
    }
    return stream;
  }

  #begin(client: Client, token: Token): void {
    const { stream, fate } = client;
    const error = stream.takeError();
    if (error) throw error;
    client.begun = true;
    if (fate.sends !== "") stream.write(Buffer.from(fate.sends, "latin1"));
    if (fate.leaves === "finishing") stream.shutdown();
    if (fate.leaves === "resetting") stream.reset();
    if (fate.leaves === "closing") stream.close();
    if (stream.closed) this.#clients.remove(token);
    else this.#poll.registry.reregister(stream, token, READABLE, "level");
  }

  #read(client: Client, token: Token): void {
    const { stream, fate } = client;
    const read = stream.read(this.#piece);
    if (read === "blocked") return;
    if (typeof read === "number") {
      client.received += this.#piece.toString("latin1", 0, read);
      if (fate.leaves !== "in the middle") return;
      stream.reset();
    } else if (read === "reset" || !client.received.startsWith(fate.receives)) {
      throw new Error(
        `${JSON.stringify(fate)} received ${client.received}, then: ${read}`,
      );
    }
    stream.close();
    this.#clients.remove(token);
  }
}
