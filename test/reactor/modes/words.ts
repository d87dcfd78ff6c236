// A small server for the tests of the modes: it echoes words, and obeys some of them.

import type { Turn } from "../../../examples/shared/poll/modes/turn.ts";
import { TcpListener, type TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import { openPoll } from "../../../examples/shared/poll/readiness/pollers.ts";
import type { Waker } from "../../../examples/shared/poll/readiness/waker.ts";
import { Slab, type Token } from "../../../examples/shared/poll/token.ts";

const LISTENER: Token = 2 ** 31 - 1;
const WAKER: Token = 2 ** 31 - 3;

export type Say = (text: string) => void;

interface Client {
  readonly stream: TcpStream;
  readonly say: Say;
  /** The start of an incomplete word. */
  rest: string;
}

/** The server, without a loop. */
export class Words {
  readonly poll: Poll;
  readonly waker: Waker;
  readonly events = new Events(64);
  readonly port: number;
  readonly #listener = TcpListener.listen("127.0.0.1", 0);
  readonly #clients = new Slab<Client>();
  readonly #answer: (word: string, say: Say) => boolean;
  /** The client that waits for the timeout. */
  #patient: Say | undefined;
  #next: number | null | "end" = null;

  /** @param answer Handles a word; returns false for a word to echo. */
  constructor(
    poller: string | undefined,
    answer: (word: string, say: Say) => boolean = () => false,
  ) {
    this.#answer = answer;
    this.poll = openPoll({ poller });
    this.waker = this.poll.openWaker(WAKER);
    this.poll.registry.register(this.#listener, LISTENER, READABLE, "level");
    this.port = this.#listener.localAddress().port;
  }

  readonly turn: Turn = (events) => {
    if (events.length === 0) this.#timeIsUp();
    for (let event = 0; event < events.length; event += 1) {
      const token = events.token(event);
      const client = this.#clients.get(token);
      if (token === LISTENER) this.#accept();
      else if (token === WAKER) this.#next = "end";
      else if (client && !this.#read(client)) {
        this.#clients.remove(token);
        client.stream.close();
      } else if (!client) throw new Error(`an event with an unknown token: ${token}`);
    }
    return this.#next;
  };

  /** @returns The number of clients that were connected. */
  close(): number {
    const count = this.#clients.size;
    for (const { stream } of this.#clients) stream.close();
    this.#listener.close();
    this.poll.close();
    return count;
  }

  #timeIsUp(): void {
    if (this.#patient === undefined)
      throw new Error("a turn without events or a timeout");
    this.#patient("due");
    this.#patient = undefined;
    this.#next = null;
  }

  #accept(): void {
    const stream = this.#listener.accept();
    if (typeof stream === "string") return;
    const say = (text: string) => void stream.write(Buffer.from(`${text}\n`));
    const token = this.#clients.add({ stream, say, rest: "" });
    this.poll.registry.register(stream, token, READABLE, "level");
  }

  #read(client: Client): boolean {
    const piece = Buffer.alloc(4096);
    const count = client.stream.read(piece);
    if (count === "blocked") return true;
    if (count === "end" || count === "reset") return false;
    const words = `${client.rest}${piece.toString("latin1", 0, count)}`.split("\n");
    client.rest = words.pop() ?? "";
    for (const word of words) this.#handle(word, client.say);
    return true;
  }

  #handle(word: string, say: Say): void {
    if (word === "throw") throw new Error("thrown in a turn");
    if (word === "end") this.#next = "end";
    else if (word === "wait") {
      this.#patient = say;
      this.#next = 30;
    } else if (!this.#answer(word, say)) say(word);
  }
}
