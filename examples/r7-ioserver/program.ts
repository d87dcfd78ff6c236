// r7-ioserver: a program thread: one select over clients, ports and files.
import { Channel } from "../shared/threads/channel.ts";
import { Parker } from "../shared/threads/parker.ts";
import { ReadyList } from "../shared/threads/ready-list.ts";
import { type Selected, select } from "../shared/threads/select.ts";
import { Client } from "./client.ts";
import { OWNERS, type SharedMemory } from "./memory.ts";
import { SocketPort } from "./port.ts";
import type { Service } from "./service.ts";

/** How many ports have a turn before new clients and files are checked again. */
const TURNS = 64;

/** What a program thread waits for. */
interface Sources {
  /** Ports of new clients. */
  readonly accepted: Channel;
  /** Has a value when a file worker has a result. */
  readonly files: Channel;
  /** Ports with messages from the I/O thread. */
  readonly ports: ReadyList;
}

export class Program {
  readonly #service: Service;
  readonly #thread: number;
  readonly #memory: SharedMemory;
  readonly #notify: (port: number) => void;
  readonly #parker: Parker;
  readonly #sources: Sources;
  /** By port. */
  readonly #clients = new Map<number, Client>();

  /** @param notify Notifies the I/O thread that a port has a message for it. */
  constructor(
    service: Service,
    thread: number,
    memory: SharedMemory,
    notify: (port: number) => void,
  ) {
    this.#service = service;
    this.#thread = thread;
    this.#memory = memory;
    this.#notify = notify;
    this.#parker = new Parker(memory.parking, thread);
    const results = memory.results[thread];
    if (results === undefined)
      throw new RangeError(`Cannot run thread ${thread}: too high`);
    const accepted = new Channel(memory.accepted);
    const ports = new ReadyList(results);
    this.#sources = { accepted, files: service.filesReady, ports };
    service.onLeft = ({ port }) => this.#clients.delete(port.number);
  }

  // #region run
  /** Serves clients. When no more are accepted, the rest get the send timeout to finish. */
  run(): void {
    const { accepted, ...rest } = this.#sources;
    while (this.#handle(select(this.#parker, { accepted, ...rest }, this.#timeout())));
    const service = this.#service;
    service.isStopping = true;
    for (const client of [...this.#clients.values()]) client.proceed();
    const end = service.now + service.options["send-timeout"];
    while (this.#clients.size > 0 && service.now < end) {
      const left = Math.min(this.#timeout(), end - service.now);
      this.#handle(select(this.#parker, rest, left));
    }
    service.files.end();
  }

  /** Handles the result of a select, if any. @returns False if `accepted` is closed. */
  #handle(got: Selected<Sources> | undefined): boolean {
    const service = this.#service;
    service.now = performance.now();
    if (got?.from === "ports") this.#runReady(got.value);
    else if (got?.from === "files") this.#takeFiles();
    else if (got?.value === "closed") return false;
    else if (got) this.#claim(got.value);
    for (;;) {
      const late = service.timers.take(service.now);
      if (late === undefined) return true;
      late.late();
    }
  }
  // #endregion run

  /** Gives each port with messages one turn, in the order in which they arrived. */
  #runReady(first: number): void {
    const { ports } = this.#sources;
    let port: number | "empty" = first;
    for (let turn = 0; port !== "empty"; turn += 1) {
      this.#clients.get(port)?.ready();
      port = turn < TURNS ? ports.tryRecv() : "empty";
    }
  }

  // #region claim
  /** Makes a client for a new port, unless another thread has taken it first. */
  #claim(number: number): void {
    const { owners } = this.#memory;
    const { offered } = OWNERS;
    const owner = Atomics.compareExchange(owners, number, offered, this.#thread);
    if (owner !== offered) return;
    const port = new SocketPort(this.#memory, number, this.#notify);
    this.#clients.set(number, new Client(this.#service, port));
  }
  // #endregion claim

  #takeFiles(): void {
    for (;;) {
      const result = this.#service.files.take();
      if (result === undefined) return;
      result.reader.take(result);
    }
  }

  /** The time until the next timer, in milliseconds; Infinity if there is none. */
  #timeout(): number {
    return Math.max(0, this.#service.timers.next - performance.now());
  }
}
