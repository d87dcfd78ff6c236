// What a case about completions works with: a proactor and non-blocking clients, all in one
// thread. It also runs as plain JavaScript, and under Wine.
import { existsSync, readdirSync } from "node:fs";
import type {
  Completion,
  Proactor,
} from "../../../examples/shared/poll/completion/proactor.ts";
import { TcpStream } from "../../../examples/shared/poll/net.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import { systemSockets } from "../../../examples/shared/poll/system-sockets.ts";
import type { Token } from "../../../examples/shared/poll/token.ts";
import { Broken } from "../conformance/case.ts";
import { type Job, Partner } from "../conformance/partner.ts";

/** Something that every proactor promises. */
export interface ProactorCase {
  readonly name: string;
  /** What the case needs that a simulated network does not have. */
  readonly needs?: "kernel" | "threads";
  /** The source of the promise: our interface, a manual page, Microsoft's documentation. */
  readonly promise: string;
  /** Known deviations, with the reason, by `adapter:afd on win32`. */
  readonly deviates?: Readonly<Record<string, string>>;
  /** @throws {Broken} On a broken promise. @throws {NotHere} When it cannot be tried. */
  readonly run: (context: ProactorContext) => void | Promise<void>;
}

const HOST = "127.0.0.1";
/** Milliseconds to wait for a completion. Only a broken proactor takes this long. */
const PATIENCE = 20_000;

type Of<Kind extends Completion["kind"]> = Extract<Completion, { kind: Kind }>;

export class ProactorContext {
  readonly #open: () => Proactor;
  readonly #proactors: Proactor[] = [];
  readonly #clients: TcpStream[] = [];
  readonly #partners: Partner[] = [];
  readonly sockets: Sockets;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;

  /** @param sockets Opens the clients. */
  constructor(
    open: () => Proactor,
    sockets = systemSockets(),
    now = () => performance.now(),
  ) {
    this.#open = open;
    this.sockets = sockets;
    this.now = now;
  }

  proactor(): Proactor {
    const proactor = this.#open();
    this.#proactors.push(proactor);
    return proactor;
  }

  /** Starts connecting to a listener of `proactor`. */
  client(proactor: Proactor, listener: Token): TcpStream {
    const client = TcpStream.connect(
      HOST,
      proactor.localAddress(listener).port,
      this.sockets,
    );
    this.#clients.push(client);
    return client;
  }

  /** A listener, and an accepted connection with its client. */
  pair(proactor: Proactor, listener = proactor.listen(HOST, 0)): Pair {
    const client = this.client(proactor, listener);
    proactor.accept(listener);
    const { result } = this.waitFor(proactor, listener, "accept");
    if (result === "full") throw new Broken("the client was not accepted: full");
    return { listener, client, token: result };
  }

  /** Waits until `step` returns a value. Calls it with each completion, and without one. */
  until<Value>(
    proactor: Proactor,
    step: (completion: Completion | undefined) => Value | undefined,
  ): Value {
    const deadline = this.now() + PATIENCE;
    const seen: string[] = [];
    for (;;) {
      const nothing = step(undefined);
      if (nothing !== undefined) return nothing;
      // The wait is short because the clients are in no poll: `step` has to drive them.
      let found: Value | undefined;
      for (const completion of proactor.wait(1)) {
        seen.push(`${completion.kind} ${"token" in completion ? completion.token : ""}`);
        // `step` sees every completion of a wait, even after it has returned a value.
        const value = step(completion);
        found ??= value;
      }
      if (found !== undefined) return found;
      if (this.now() > deadline) {
        throw new Broken(
          `no such completion; the last were ${seen.slice(-20).join(", ")}`,
        );
      }
    }
  }

  /** Waits for the next completion of a kind and token, and ignores others. */
  waitFor<Kind extends "accept" | "recv" | "send" | "close">(
    proactor: Proactor,
    token: Token,
    kind: Kind,
  ): Of<Kind> {
    return this.until(proactor, (completion) =>
      completion?.kind === kind && completion.token === token
        ? (completion as Of<Kind>)
        : undefined,
    );
  }

  /** The completions until a byte over a new connection: what was in flight has arrived. */
  untilFence(proactor: Proactor): Completion[] {
    const completions: Completion[] = [];
    const listener = proactor.listen(HOST, 0);
    const client = this.client(proactor, listener);
    proactor.accept(listener);
    let ours: Token | undefined;
    this.until(proactor, (completion) => {
      if (completion === undefined) return undefined;
      if (completion.kind === "accept" && completion.token === listener) {
        if (completion.result === "full") throw new Broken("the fence was not accepted");
        ours = completion.result;
        proactor.recv(ours);
        client.write(Uint8Array.of(1));
      } else if (completion.kind === "recv" && completion.token === ours) return true;
      else completions.push(completion);
      return undefined;
    });
    completions.push(...proactor.wait(0));
    const mine = new Set([listener, ours].filter((token) => token !== undefined));
    for (const token of mine) proactor.close(token);
    this.until(proactor, (completion) => {
      if (completion?.kind === "close" && mine.delete(completion.token)) return undefined;
      if (completion) completions.push(completion);
      return mine.size === 0 ? true : undefined;
    });
    client.close();
    return completions;
  }

  closeNow(proactor: Proactor, token: Token): void {
    proactor.close(token);
    this.waitFor(proactor, token, "close");
  }

  /** Reads until there are `size` bytes or the stream ends, while the proactor works. */
  read(
    proactor: Proactor,
    client: TcpStream,
    size: number,
  ): { bytes: Buffer; last: string } {
    const pieces: Buffer[] = [];
    const into = Buffer.alloc(65_536);
    let count = 0;
    return this.until(proactor, () => {
      for (;;) {
        if (count >= size) return { bytes: Buffer.concat(pieces), last: "enough" };
        const read = client.read(into);
        if (read === "blocked") return undefined;
        if (typeof read !== "number") return { bytes: Buffer.concat(pieces), last: read };
        pieces.push(Buffer.from(into.subarray(0, read)));
        count += read;
      }
    });
  }

  /** A thread that is ready to do its job, waiting for `go`. */
  async partner(job: Job): Promise<Partner> {
    const partner = await Partner.start(job);
    this.#partners.push(partner);
    return partner;
  }

  /** The number of open descriptors; undefined where they cannot be counted. */
  descriptors(): number | undefined {
    if (!existsSync("/proc/self/fd")) return undefined;
    return readdirSync("/proc/self/fd").length;
  }

  /** Waits until at most `before` are open: the kernel may close them a little later. */
  noMoreDescriptorsThan(before: number | undefined): void {
    if (before === undefined) return;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let look = 0; look < 1000; look += 1) {
      if ((this.descriptors() ?? 0) <= before) return;
      Atomics.wait(pause, 0, 0, 10);
    }
    throw new Broken(`${this.descriptors()} descriptors are open, not ${before}`);
  }

  /** After a case: ends the threads, and closes everything. */
  async end(): Promise<void> {
    for (const partner of this.#partners.splice(0)) await partner.end();
    for (const client of this.#clients.splice(0)) client.reset();
    for (const proactor of this.#proactors.splice(0)) proactor.end();
  }
}

export interface Pair {
  readonly listener: Token;
  readonly token: Token;
  readonly client: TcpStream;
}
