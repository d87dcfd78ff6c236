// What a case works with: polls and sockets, which are closed after it.
import { existsSync, readdirSync } from "node:fs";
import { TcpListener, TcpStream } from "../../../examples/shared/poll/net.ts";
import { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Selector } from "../../../examples/shared/poll/readiness/selector.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import type { Context } from "./case.ts";
import type { Faults } from "./faults.ts";
import { untilReadable } from "./gather.ts";
import { type Job, Partner } from "./partner.ts";

/** The poller and sockets that the cases run on. */
export interface Environment {
  readonly poller: string;
  readonly sockets: Sockets;
  open(): Selector;
  /** Sockets of this kind, with calls that can be made to fail. */
  faults(): Faults;
  /** Milliseconds on a monotonic clock. */
  now(): number;
}

const HOST = "127.0.0.1";

export class OpenContext implements Context {
  readonly poller: string;
  readonly sockets: Sockets;
  readonly now: () => number;
  readonly #environment: Environment;
  readonly #kept: { close(): void }[] = [];
  readonly #partners: Partner[] = [];
  #listener: TcpListener | undefined;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.poller = environment.poller;
    this.sockets = environment.sockets;
    this.now = () => environment.now();
  }

  keep<Closed extends { close(): void }>(closed: Closed): Closed {
    this.#kept.push(closed);
    return closed;
  }

  openPoll(): Poll {
    return this.keep(new Poll(this.#environment.open()));
  }

  openSelector(): Selector {
    return this.keep(this.#environment.open());
  }

  faults(): Faults {
    return this.#environment.faults();
  }

  listen(): TcpListener {
    return this.keep(TcpListener.listen(HOST, 0, this.sockets));
  }

  connect(listener: TcpListener): TcpStream {
    const { port } = listener.localAddress();
    return this.keep(TcpStream.connect(HOST, port, this.sockets));
  }

  pair(): [TcpStream, TcpStream] {
    if (this.#listener === undefined || this.#listener.closed)
      this.#listener = this.listen();
    const theirs = this.connect(this.#listener);
    for (;;) {
      const ours = this.#listener.accept();
      if (ours === "full") throw Object.assign(new Error("full"), { code: "EMFILE" });
      if (ours !== "blocked") return [this.keep(ours), theirs];
      untilReadable(this, this.#listener);
    }
  }

  async partner(job: Job): Promise<Partner> {
    const partner = await Partner.start(job);
    this.#partners.push(partner);
    return partner;
  }

  descriptors(): number | undefined {
    // Linux has this list. Wine on Linux has it too, with what its server holds for us.
    if (!existsSync("/proc/self/fd")) return undefined;
    // Reading the list opens one descriptor more, every time.
    return readdirSync("/proc/self/fd").length;
  }

  closeAll(): void {
    // Resets connections, so that none stays in TIME_WAIT for a minute.
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

  /** After a case: ends the threads, and closes everything. */
  async end(): Promise<void> {
    for (const partner of this.#partners) await partner.end();
    this.closeAll();
  }
}
