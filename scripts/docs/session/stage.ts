// Where a session is played: its server, its clients, and what they do.

import {
  findHost,
  type Host,
  type HostOptions,
  type RunningHost,
  startHost,
} from "./host.ts";
import { Machines } from "./machines.ts";
import { Names } from "./names.ts";
import { dial, Peer } from "./peer.ts";
import { Printed } from "./printed.ts";
import type { Failing, Session, SessionEvent } from "./session-event.ts";
import { bytesOf } from "./typed.ts";
import type { Watcher } from "./watcher.ts";

/** How long what comes with a death takes at the most, in milliseconds. */
const LEASE_AND_MORE = 30_000;

export interface StageOptions extends HostOptions {
  /** Called before the servers end, where they share a log, with the broker's address. */
  readonly onLog?: (broker: string) => Promise<void>;
  /** How long a client waits for what must come, in milliseconds. */
  readonly patience?: number;
  /** Gets of the connections that are made, and which of what is sent is no one's. */
  readonly watcher?: Watcher;
}

export class Stage {
  readonly host: Host;
  readonly names = new Names();
  /** What was done and seen, in order, written as in a session. */
  readonly transcript: string[] = [];
  readonly watcher: Watcher | undefined;
  readonly #running: RunningHost;
  /** Where servers are several: all of them. The one that runs is their first. */
  readonly #machines: Machines | undefined;
  readonly #onLog: StageOptions["onLog"];
  #isClosed = false;
  readonly #patience: number;
  readonly #peers = new Map<string, Peer>();
  readonly #gone: Peer[] = [];
  #exitCode: number | undefined;
  readonly #printed: Printed;

  private constructor(
    host: Host,
    running: RunningHost,
    { patience = 15_000, watcher, onLog }: StageOptions,
    machines?: Machines,
  ) {
    this.host = host;
    this.#running = running;
    this.#printed = new Printed(running);
    this.#machines = machines;
    this.#onLog = onLog;
    this.#patience = machines ? Math.max(patience, LEASE_AND_MORE) : patience;
    this.watcher = watcher;
    void running.process.ended.then((code) => {
      if (typeof code === "number") this.#exitCode = code;
    });
  }

  /**
   * Starts the server that a session names, with its flags.
   *
   * @throws {UsageError | Failure} When there is none, or it does not listen.
   */
  static async open(
    { server, flags }: Pick<Session, "server" | "flags">,
    options: Omit<StageOptions, "flags">,
  ): Promise<Stage> {
    const host = findHost(server);
    if (host.sharesLog) {
      const machines = await Machines.start(host, { ...options, flags });
      return new Stage(host, machines.host("A"), options, machines);
    }
    return new Stage(host, await startHost(host, { ...options, flags }), options);
  }

  /** Ends the server and then all connections. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.watcher?.over(this.names);
    if (this.#machines) await this.#onLog?.(this.#machines.broker);
    this.#running.process.kill("SIGKILL");
    await this.#running.process.ended;
    await this.#machines?.end();
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
  async connect(label: string, server?: string): Promise<boolean> {
    const { host, port } = this.#hostOf(server);
    const socket = await dial(host, port);
    const to = server === undefined ? "" : ` to ${server}`;
    this.note(`${label} ${socket ? `connects${to}` : "is refused"}`);
    this.watcher?.connected(label, socket);
    if (socket === undefined) return false;
    const before = this.#peers.get(label);
    if (before) this.#gone.push(before);
    // Behind those that are here: the order is that of the connections.
    this.#peers.delete(label);
    this.#peers.set(label, new Peer(label, socket, this.#patience));
    return true;
  }

  /** @returns whether the server refuses connections, now or within the patience. */
  async refuses(label: string): Promise<boolean> {
    const { host, port } = this.#running;
    // One that has stopped to listen may still be about to close its socket.
    for (const deadline = Date.now() + this.#patience; Date.now() < deadline; ) {
      const socket = await dial(host, port);
      if (socket === undefined) {
        this.watcher?.connected(label, socket);
        this.note(`${label} is refused`);
        return true;
      }
      socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  }

  type({ client, text, raw }: Extract<SessionEvent, { kind: "types" }>): void {
    const real = this.names.toReal(text);
    this.note(`${client} ${raw ? ">|" : ">"} ${real}`);
    this.peer(client).type(bytesOf(real, raw));
  }

  fails(server: string, how: Failing): void {
    this.note(`server ${server} ${how}`);
    this.#machines?.fails(server, how);
  }

  #hostOf(server: string | undefined): RunningHost {
    if (server === undefined || !this.#machines) return this.#running;
    return this.#machines.host(server);
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
    const line = await this.#printed.next(patience);
    if (line !== undefined) this.note(`server | ${line}`);
    return line;
  }

  /** The code that the server has ended with, if it has. */
  get exitCode(): number | undefined {
    return this.#exitCode;
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
}
