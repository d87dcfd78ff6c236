// Where a session is played: its server, its clients, and what they do.
import type { SessionEvent } from "./event.ts";
import {
  findHost,
  type Host,
  type HostOptions,
  type RunningHost,
  startHost,
} from "./host.ts";
import { Names } from "./names.ts";
import { dial, Missed, Peer } from "./peer.ts";

export interface StageOptions extends HostOptions {
  /** How long a client waits for what must come, in milliseconds. */
  readonly patience?: number;
}

/** Where nothing can be asked, this long must do, in milliseconds. */
const GRACE = 100;

export class Stage {
  readonly host: Host;
  readonly names = new Names();
  /** What was done and seen, in order, written as in a session. */
  readonly transcript: string[] = [];
  readonly #running: RunningHost;
  readonly #patience: number;
  readonly #peers = new Map<string, Peer>();
  readonly #gone: Peer[] = [];
  /** How much of what the server has printed was taken. */
  #printed = 0;

  private constructor(host: Host, running: RunningHost, patience: number) {
    this.host = host;
    this.#running = running;
    this.#patience = patience;
  }

  /**
   * Starts the server that a session names.
   *
   * @throws {Misuse | Failure} When there is none, or it does not listen.
   */
  static async open(server: string, options: StageOptions): Promise<Stage> {
    const host = findHost(server);
    const { patience = 15_000 } = options;
    return new Stage(host, await startHost(host, options), patience);
  }

  /** Ends the server and then all connections. */
  async close(): Promise<void> {
    this.#running.process.kill("SIGKILL");
    await this.#running.process.ended;
    for (const peer of [...this.#peers.values(), ...this.#gone]) peer.destroy();
  }

  /** The client of that label; a session that was read has connected it. */
  peer(label: string): Peer {
    const peer = this.#peers.get(label);
    if (peer === undefined) throw new Error(`${label} is not connected`);
    return peer;
  }

  /** The clients that are connected, in the order in which they came. */
  get peers(): Peer[] {
    return [...this.#peers.values()];
  }

  note(line: string): void {
    this.transcript.push(line);
  }

  /** @returns whether the server took the connection. */
  async connect(label: string): Promise<boolean> {
    const { host, port } = this.#running;
    const socket = await dial(host, port);
    this.note(`${label} ${socket ? "connects" : "is refused"}`);
    if (socket === undefined) return false;
    const before = this.#peers.get(label);
    if (before) this.#gone.push(before);
    // Behind those that are here: the order is that of the connections.
    this.#peers.delete(label);
    this.#peers.set(label, new Peer(label, socket, this.#patience));
    return true;
  }

  type({ client, text, raw }: Extract<SessionEvent, { kind: "types" }>): void {
    const real = this.names.toReal(text);
    this.note(`${client} ${raw ? ">|" : ">"} ${real}`);
    this.peer(client).type(raw ? bytesOf(real) : Buffer.from(`${real}\n`));
  }

  interrupt(): void {
    this.note("server gets Ctrl-C");
    this.#running.process.kill("SIGINT");
  }

  /**
   * The next line that the server printed; its port is always 42069.
   *
   * @returns undefined when none comes in time, or it has ended.
   */
  async printed(patience = this.#patience): Promise<string | undefined> {
    const { port, process } = this.#running;
    let over = false;
    const timer = setTimeout(() => {
      over = true;
    }, patience);
    const ended = process.ended.then(() => {
      over = true;
    });
    try {
      for (;;) {
        const last = over;
        const rest = process.output().slice(this.#printed);
        const end = rest.indexOf("\n");
        if (end >= 0) {
          this.#printed += end + 1;
          const line = rest.slice(0, end).replaceAll(`:${port}`, ":42069");
          this.note(`server | ${line}`);
          return line;
        }
        if (last) return undefined;
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns how the server ended; undefined when it runs on. */
  async ended(): Promise<number | NodeJS.Signals | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#patience);
    });
    const code = await Promise.race([this.#running.process.ended, late]);
    clearTimeout(timer);
    if (code !== undefined) this.note(`server ends with ${code}`);
    return code;
  }

  /**
   * Waits until what is on its way to these clients must have come. All that can ask do,
   * for an answer to one proves that the server has also dealt with the others.
   *
   * @returns The client to which something came that was not expected, and what.
   * @throws {Missed} When one gets no answer.
   */
  async settle(
    peers: readonly Peer[],
  ): Promise<{ peer: Peer; line: string } | undefined> {
    const asking = this.peers.filter((peer) => peer.canAsk(this.host));
    if (peers.some((peer) => !asking.includes(peer)) && asking.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, GRACE));
    }
    for (const peer of asking) {
      const skipping = peer.skipping;
      const before = await peer.ask(this.host).catch((error: unknown) => {
        if (!(error instanceof Missed)) throw error;
        throw new Missed(
          `no answer to ${peer.label}'s "${askOf(this.host)}": ${error.message}`,
        );
      });
      const [line = ""] = before.split("\n");
      if (before !== "" && !skipping) return { peer, line };
    }
    for (const peer of peers) {
      if (peer.hungUp) continue;
      if (peer.end !== undefined && peer.text === "") {
        return { peer, line: "the end of the connection" };
      }
      if (peer.text === "" || peer.skipping) continue;
      return { peer, line: peer.text.split("\n")[0] ?? "" };
    }
    return undefined;
  }
}

function askOf({ fence }: Host): string {
  return fence.kind === "none" ? "" : fence.asks;
}

/** Bytes as they are typed after `>|`. */
function bytesOf(text: string): Buffer {
  const parts = text.split(/(\\x[0-9a-fA-F]{2}|\\[nrt\\])/);
  return Buffer.concat(
    parts.map((part) => {
      if (part.startsWith("\\x")) return Buffer.from(part.slice(2), "hex");
      const control = { "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\\\": "\\" }[part];
      return Buffer.from(control ?? part);
    }),
  );
}
