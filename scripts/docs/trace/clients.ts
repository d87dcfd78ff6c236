// The clients' side of a trace: what each client does, and how many bytes it receives.
import type { Socket } from "node:net";
import type { Probe } from "../session/host.ts";
import { Names } from "../session/names.ts";
import type { Watcher } from "../session/watcher.ts";
import type { RawEvent } from "./raw-events.ts";

/** A range of bytes in one direction of a connection, excluding `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Something that a client does. Its position in the list is its time. */
export type Action = { readonly client: string; readonly link: Link | undefined } & (
  | { readonly kind: "connects" | "refused" | "leaves" | "resets" }
  | { readonly kind: "sends"; readonly text: string; readonly span: Span }
);

/** One connection, from its client's point of view. */
export interface Link {
  readonly client: string;
  /** The client's port, by which the server also knows it. */
  readonly port: number;
  /** How many bytes were sent and received by the end of the session. */
  sent: number;
  received: number;
  /** The answers to probes, which are not part of the session. */
  readonly answers: Span[];
  /** The client has seen the end of its connection. */
  ended: boolean;
  /** The client has finished sending; `broken`: it has reset the connection. */
  finished: boolean;
  broken: boolean;
}

/** How often it checks for arrival, and for how long, in milliseconds. */
const EVERY = 2;
const PATIENCE = 2_000;

/** Watches the clients of a replay. */
export class Clients implements Watcher {
  readonly actions: Action[] = [];
  readonly links: Link[] = [];
  names = new Names();
  #over = false;
  /** The current connection of each client. */
  readonly #now = new Map<string, Link>();
  readonly #asking = new Map<string, { probe: Probe; came: Buffer[] }>();

  readonly #raw: () => readonly RawEvent[];

  /** @param raw What the server has recorded so far. */
  constructor(raw: () => readonly RawEvent[]) {
    this.#raw = raw;
  }

  connected(client: string, socket: Socket | undefined): void {
    if (socket === undefined) {
      this.actions.push({ client, link: undefined, kind: "refused" });
      return;
    }
    const { localPort: port = 0 } = socket;
    const link: Link = {
      client,
      port,
      sent: 0,
      received: 0,
      answers: [],
      ended: false,
      finished: false,
      broken: false,
    };
    this.links.push(link);
    this.#now.set(client, link);
    this.actions.push({ client, link, kind: "connects" });
    this.#tap(socket, link);
  }

  asks(client: string, probe: Probe): void {
    this.#asking.set(client, { probe, came: [] });
  }

  answered(client: string): void {
    const link = this.#now.get(client);
    const asked = this.#asking.get(client);
    this.#asking.delete(client);
    if (link === undefined || asked === undefined) return;
    const came = Buffer.concat(asked.came);
    const start = startOf(asked.probe, came);
    const to = link.received;
    if (start >= 0) link.answers.push({ from: to - came.length + start, to });
  }

  /**
   * Users type slowly, compared with a server: what one does has reached the server before
   * another does something. This makes a run repeatable wherever the order is arbitrary.
   */
  async arrived(): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    // It may never arrive, if the server has ended or has stopped reading.
    while (!this.#hasArrived() && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  #hasArrived(): boolean {
    const raw = this.#raw();
    // A server that has ended, or does not serve through node:net, reports nothing.
    if (raw.some(({ kind }) => kind === "exits")) return true;
    if (!raw.some(({ kind }) => kind === "listens")) return true;
    return this.links.every((link) => {
      const accepted = raw.find(({ port }) => port === link.port);
      const own = raw.filter(
        (event) => accepted !== undefined && event.connection === accepted.connection,
      );
      if (own.some(({ kind }) => kind === "closes")) return true;
      const got = own.reduce(
        (sum, { kind, bytes = 0 }) => sum + (kind === "gets" ? bytes : 0),
        0,
      );
      const finished = !link.finished || own.some(({ kind }) => kind === "gets-end");
      return accepted !== undefined && got >= link.sent && finished && !link.broken;
    });
  }

  over(names: Names): void {
    this.names = names;
    this.#over = true;
  }

  /** Observes the data of a socket, without changing it. */
  #tap(socket: Socket, link: Link): void {
    const { client } = link;
    const push = socket.push.bind(socket);
    // The raw bytes, because readers of the socket get text.
    socket.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (!this.#over && chunk === null) link.ended = true;
      if (!this.#over && chunk !== null) {
        link.received += chunk.length;
        this.#asking.get(client)?.came.push(Buffer.from(chunk));
      }
      return push(chunk, encoding);
    };
    const write = socket.write.bind(socket) as (data: Uint8Array) => boolean;
    socket.write = (data: string | Uint8Array) => {
      const bytes = Buffer.from(data as Uint8Array);
      const span = { from: link.sent, to: link.sent + bytes.length };
      link.sent = span.to;
      if (!this.#asking.has(client)) {
        const text = bytes.toString();
        this.actions.push({ client, link, kind: "sends", text, span });
      }
      return write(bytes);
    };
    const end = socket.end.bind(socket);
    socket.end = () => {
      if (!this.#over) this.actions.push({ client, link, kind: "leaves" });
      link.finished = true;
      return end();
    };
    const reset = socket.resetAndDestroy.bind(socket);
    socket.resetAndDestroy = () => {
      if (!this.#over) this.actions.push({ client, link, kind: "resets" });
      link.broken = true;
      return reset();
    };
    socket.on("error", () => {
      if (!this.#over) link.ended = true;
    });
  }
}

/** The index at which the answer begins in the received bytes; -1 if it is not there. */
function startOf(probe: Probe, came: Buffer): number {
  if (probe.kind === "none") return -1;
  return came.lastIndexOf(probe.kind === "text" ? probe.asks : probe.answer);
}
