// What a case about completions is given: a proactor, and clients that never wait, all in one
// thread. It also runs as plain JavaScript, under wine too.
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

/** Something that each proactor promises. */
export interface ProactorCase {
  readonly name: string;
  /** What a simulated network has not. */
  readonly needs?: "kernel" | "threads";
  /** Where that is said: our seam, a manual page, Microsoft's documentation. */
  readonly promise: string;
  /** Where it is known not to be held, and why: `adapter:afd on win32`. */
  readonly deviates?: Readonly<Record<string, string>>;
  /** @throws {Broken} When it is not kept. @throws {NotHere} When it cannot be tried. */
  readonly run: (context: ProactorContext) => void | Promise<void>;
}

const HOST = "127.0.0.1";
/** How long to wait for what must come; only what is broken takes so long. */
const PATIENCE = 20_000;

type Of<Kind extends Completion["kind"]> = Extract<Completion, { kind: Kind }>;

export class ProactorContext {
  readonly #open: () => Proactor;
  readonly #proactors: Proactor[] = [];
  readonly #clients: TcpStream[] = [];
  readonly #partners: Partner[] = [];
  readonly sockets: Sockets;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;

  /** @param sockets What the clients are of. */
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

  /** Begins to connect to a listener of `proactor`. */
  client(proactor: Proactor, listener: Token): TcpStream {
    const client = TcpStream.connect(
      HOST,
      proactor.localAddress(listener).port,
      this.sockets,
    );
    this.#clients.push(client);
    return client;
  }

  /** A listener, and a connection that it has accepted, with its client. */
  pair(proactor: Proactor, listener = proactor.listen(HOST, 0)): Pair {
    const client = this.client(proactor, listener);
    proactor.accept(listener);
    const { result } = this.comes(proactor, listener, "accept");
    if (result === "full") throw new Broken("nobody was accepted: full");
    return { listener, client, token: result };
  }

  /** Waits until `step` gives something; it sees each completion, or none. */
  until<Value>(
    proactor: Proactor,
    step: (completion: Completion | undefined) => Value | undefined,
  ): Value {
    const deadline = this.now() + PATIENCE;
    const seen: string[] = [];
    for (;;) {
      const nothing = step(undefined);
      if (nothing !== undefined) return nothing;
      // Clients may have to be looked after: they are in no poll.
      let found: Value | undefined;
      for (const completion of proactor.wait(1)) {
        seen.push(`${completion.kind} ${"token" in completion ? completion.token : ""}`);
        // Each is shown, also those that come together with the one that was waited for.
        const value = step(completion);
        found ??= value;
      }
      if (found !== undefined) return found;
      if (this.now() > deadline) {
        throw new Broken(`it never came; done was ${seen.slice(-20).join(", ")}`);
      }
    }
  }

  /** The next completion of that kind under that token; others are passed over. */
  comes<Kind extends "accept" | "recv" | "send" | "close">(
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

  /** What comes until everything that was on its way has arrived: a fresh exchange. */
  untilFence(proactor: Proactor): Completion[] {
    const told: Completion[] = [];
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
      else told.push(completion);
      return undefined;
    });
    told.push(...proactor.wait(0));
    const mine = new Set([listener, ours].filter((token) => token !== undefined));
    for (const token of mine) proactor.close(token);
    this.until(proactor, (completion) => {
      if (completion?.kind === "close" && mine.delete(completion.token)) return undefined;
      if (completion) told.push(completion);
      return mine.size === 0 ? true : undefined;
    });
    client.close();
    return told;
  }

  closeNow(proactor: Proactor, token: Token): void {
    proactor.close(token);
    this.comes(proactor, token, "close");
  }

  /** Reads until there are `size` bytes, or the stream is over, while the proactor works. */
  reads(
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

  /** A thread that is ready to do its job, and waits for `go`. */
  async partner(job: Job): Promise<Partner> {
    const partner = await Partner.start(job);
    this.#partners.push(partner);
    return partner;
  }

  /** How many descriptors this process has open; undefined where they cannot be counted. */
  descriptors(): number | undefined {
    if (!existsSync("/proc/self/fd")) return undefined;
    return readdirSync("/proc/self/fd").length;
  }

  /** Waits until there are no more: what the kernel gives back it may give back later. */
  noMoreDescriptorsThan(before: number | undefined): void {
    if (before === undefined) return;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let look = 0; look < 1000; look += 1) {
      if ((this.descriptors() ?? 0) <= before) return;
      Atomics.wait(pause, 0, 0, 10);
    }
    throw new Broken(`${this.descriptors()} descriptors are open, not ${before}`);
  }

  /** After a case. */
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
