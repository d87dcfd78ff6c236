// What a case is given: polls and sockets, that are closed after it.
import { existsSync, readdirSync } from "node:fs";
import { TcpListener, TcpStream } from "../../../examples/shared/poll/net.ts";
import { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Selector } from "../../../examples/shared/poll/readiness/selector.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import type { Context } from "./case.ts";
import type { Faults } from "./faults.ts";
import { untilReadable } from "./gather.ts";
import { type Job, Partner } from "./partner.ts";

/** What the cases are to be run over. */
export interface Ground {
  readonly poller: string;
  readonly sockets: Sockets;
  open(): Selector;
  /** Sockets of this kind, whose calls fail when they are to. */
  faults(): Faults;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

const HOST = "127.0.0.1";

export class OpenContext implements Context {
  readonly poller: string;
  readonly sockets: Sockets;
  readonly now: () => number;
  readonly #ground: Ground;
  readonly #kept: { close(): void }[] = [];
  readonly #partners: Partner[] = [];
  #door: TcpListener | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.poller = ground.poller;
    this.sockets = ground.sockets;
    this.now = () => ground.now();
  }

  keep<Closed extends { close(): void }>(closed: Closed): Closed {
    this.#kept.push(closed);
    return closed;
  }

  openPoll(): Poll {
    return this.keep(new Poll(this.#ground.open()));
  }

  openSelector(): Selector {
    return this.keep(this.#ground.open());
  }

  faults(): Faults {
    return this.#ground.faults();
  }

  listen(): TcpListener {
    return this.keep(TcpListener.listen(HOST, 0, this.sockets));
  }

  connect(listener: TcpListener): TcpStream {
    const { port } = listener.localAddress();
    return this.keep(TcpStream.connect(HOST, port, this.sockets));
  }

  pair(): [TcpStream, TcpStream] {
    if (this.#door === undefined || this.#door.closed) this.#door = this.listen();
    const theirs = this.connect(this.#door);
    for (;;) {
      const ours = this.#door.accept();
      if (ours === "full") throw Object.assign(new Error("full"), { code: "EMFILE" });
      if (ours !== "blocked") return [this.keep(ours), theirs];
      untilReadable(this, this.#door);
    }
  }

  async partner(job: Job): Promise<Partner> {
    const partner = await Partner.start(job);
    this.#partners.push(partner);
    return partner;
  }

  descriptors(): number | undefined {
    // Linux has the list; Wine on Linux has it too, with what its server holds for us.
    if (!existsSync("/proc/self/fd")) return undefined;
    // The list itself is one of them, each time.
    return readdirSync("/proc/self/fd").length;
  }

  closeAll(): void {
    // Connections first, by reset: none is left to linger in the kernel for a minute.
    for (const kept of this.#kept.splice(0)) {
      if (kept instanceof TcpStream) kept.reset();
      else kept.close();
    }
  }

  closeAllBut(kept: { close(): void }): void {
    const at = this.#kept.indexOf(kept);
    const found = this.#kept.splice(at, at === -1 ? 0 : 1);
    this.closeAll();
    this.#kept.push(...found);
  }

  /** After a case: closes all, and ends the threads. */
  async end(): Promise<void> {
    for (const partner of this.#partners) await partner.end();
    this.closeAll();
  }
}
