// The unchanged server of r5, or of a later step, on a network in memory: every delay,
// short read, stall and reset comes from a seed, and its clock is the network's. Its loop is
// a guest of Node's as usual; only its poller is replaced.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";
import { answerFile } from "../../../examples/shared/file-answer.ts";
import { FileWorkers } from "../../../examples/shared/file-workers.ts";
import { TcpListener, TcpStream } from "../../../examples/shared/poll/net.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import { Poll, Registry } from "../../../examples/shared/poll/readiness/poll.ts";
import { POLLERS, type Poller } from "../../../examples/shared/poll/readiness/pollers.ts";
import { NODE_TOKEN, reservedToken } from "../../../examples/shared/poll/token.ts";
import { SimulatedNetwork } from "../sim/network.ts";

const EXAMPLES = new URL("../../../examples/", import.meta.url);
const PUBLIC = realpathSync(
  fileURLToPath(new URL("../../../examples/shared/public", import.meta.url)),
);
type Result = NonNullable<ReturnType<FileWorkers<unknown>["take"]>>;
export type Weather = NonNullable<ConstructorParameters<typeof SimulatedNetwork>[1]>;

/** A client that sends given bytes, and keeps those it receives and the time of the end. */
export class Client {
  readonly stream: TcpStream;
  #left: Buffer = Buffer.alloc(0);
  received = Buffer.alloc(0);
  /** How and when it ended; undefined while it is open. */
  ended: { how: "end" | "reset"; at: number } | undefined;
  reads = true;

  readonly #network: SimulatedNetwork;

  constructor(network: SimulatedNetwork, poll: Poll, number: number, buffer: number) {
    this.#network = network;
    this.stream = TcpStream.connect("127.0.0.1", 42069, network);
    this.stream.setBuffers(buffer, buffer);
    const token = reservedToken(100 + number);
    poll.registry.register(this.stream, token, READABLE | WRITABLE);
  }

  sends(text: string): void {
    this.#left = Buffer.concat([this.#left, Buffer.from(text, "latin1")]);
    this.goesOn();
  }

  /** Writes and reads without blocking. */
  goesOn(): void {
    if (this.ended || this.stream.closed) return;
    while (this.#left.length > 0) {
      const count = this.stream.write(this.#left);
      if (count === "blocked") break;
      if (count === "reset") {
        this.#ends("reset");
        return;
      }
      this.#left = this.#left.subarray(count);
    }
    if (this.reads) this.takes(Infinity);
  }

  takes(most: number): void {
    const into = Buffer.alloc(1000);
    for (let taken = 0; taken < most; ) {
      const count = this.stream.read(into.subarray(0, Math.min(1000, most - taken)));
      if (count === "blocked") return;
      if (typeof count === "string") {
        this.#ends(count);
        return;
      }
      taken += count;
      this.received = Buffer.concat([this.received, into.subarray(0, count)]);
    }
  }

  #ends(how: "end" | "reset"): void {
    this.ended = { how, at: this.#network.now };
    this.stream.close();
  }

  /** The received text, without the time of day. */
  get text(): string {
    return this.received.toString("latin1").replace(/^Date: .*\r\n/gm, "");
  }
}

/** The number of servers so far: each is a separate module instance. */
const counted = { servers: 0 };

export interface Options {
  readonly weather?: Weather;
  /** The number of descriptors. */
  readonly limit?: number;
  /** The time to read a file, in milliseconds. */
  readonly delayOfFiles?: () => number;
  /** The step whose server runs; r5 by default. */
  readonly step?: string;
  readonly args?: readonly string[];
}

/** Starts a server with clients. It ends with the test. */
export async function start(seed: number, options: Options = {}) {
  const { weather = {}, limit = 65536, delayOfFiles = () => 0 } = options;
  const { step = "r5-state-machine", args = [] } = options;
  const network = new SimulatedNetwork(seed, weather, limit);
  const files: { at: number; result: Result }[] = [];
  const clients: Client[] = [];
  let wanted = { isSo: () => false, by: Infinity, settle: (_isSo: boolean) => {} };

  const poller: Poller = {
    name: "simulated",
    about: "a network in memory",
    open: () => network.openSelector(),
    wakeHandle: () => {
      throw new Error("no other thread can wake it");
    },
  };
  const mine = POLLERS as Poller[];
  mine.push(poller);
  const { argv } = process;
  process.argv = ["node", "server.ts", "--poller", "simulated", ...args];
  const spies = [
    vi.spyOn(console, "log").mockImplementation(() => {}),
    vi.spyOn(performance, "now").mockImplementation(() => network.now),
  ];
  const { listen } = TcpListener;
  spies.push(
    vi
      .spyOn(TcpListener, "listen")
      .mockImplementation((host, port) => listen(host, port, network)) as never,
  );
  // Node's own loop is not part of this network.
  const { register, deregister } = Registry.prototype;
  spies.push(
    vi.spyOn(Registry.prototype, "register").mockImplementation(function (
      this: Registry,
      ...args
    ) {
      if (args[1] !== NODE_TOKEN) register.apply(this, args);
    }) as never,
    vi.spyOn(Registry.prototype, "deregister").mockImplementation(function (
      this: Registry,
      source,
    ) {
      if (source.watcher) deregister.call(this, source);
    }) as never,
    vi.spyOn(FileWorkers.prototype, "start").mockResolvedValue() as never,
    vi.spyOn(FileWorkers.prototype, "open").mockImplementation((reader, request) => {
      const { bytes, file } = answerFile(PUBLIC, request);
      if (file) throw new Error("the files of this folder are small");
      const at = network.now + delayOfFiles();
      files.push({ at, result: { reader, bytes, more: false } });
    }) as never,
    vi.spyOn(FileWorkers.prototype, "close").mockImplementation((reader) => {
      const index = files.findIndex(({ result }) => result.reader === reader);
      if (index !== -1) files.splice(index, 1);
    }) as never,
    vi.spyOn(FileWorkers.prototype, "take").mockImplementation(() => {
      const due = files.findIndex(({ at }) => at <= network.now);
      return due === -1 ? undefined : files.splice(due, 1)[0]?.result;
    }) as never,
  );
  const { poll: wait, openWaker } = Poll.prototype;
  let wake = () => {};
  spies.push(
    vi.spyOn(Poll.prototype, "openWaker").mockImplementation(function (
      this: Poll,
      token,
    ) {
      const waker = openWaker.call(this, token);
      wake = () => void waker.wake();
      return waker;
    }) as never,
  );
  let thePoll: Poll | undefined;
  const opened = new Promise<Poll>((resolve) => {
    spies.push(
      vi.spyOn(Poll.prototype, "poll").mockImplementation(function (
        this: Poll,
        events,
        timeout,
      ) {
        thePoll = this;
        resolve(this);
        for (const client of clients) client.goesOn();
        if (files.some(({ at }) => at <= network.now)) wake();
        const next = Math.min(wanted.by, ...files.map(({ at }) => at));
        // Time stands still while the test waits for nothing.
        const isWaiting = wanted.by < Infinity && !wanted.isSo();
        const rest = isWaiting ? Math.min(timeout ?? Infinity, next - network.now) : 0;
        wait.call(this, events, Math.max(0, rest));
        for (const client of clients) client.goesOn();
        if (wanted.isSo()) wanted.settle(true);
        else if (network.now >= wanted.by) wanted.settle(false);
      }) as never,
    );
  });
  const before = process.listeners("SIGINT");
  counted.servers += 1;
  const { href } = new URL(`${step}/server.ts?${counted.servers}`, EXAMPLES);
  const ended = import(/* @vite-ignore */ href);
  let isOver = false;
  const end = async () => {
    if (isOver) return;
    isOver = true;
    // Like Ctrl-C, but only for this server.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      for (const stop of process.listeners(signal)) {
        if (before.includes(stop as never)) continue;
        process.off(signal, stop);
        if (signal === "SIGINT") stop(signal);
      }
    }
    for (const { stream } of clients) stream.close();
    await ended;
    thePoll?.close();
    for (const spy of spies) spy.mockRestore();
    mine.splice(mine.indexOf(poller), 1);
    process.argv = argv;
  };
  onTestFinished(end);
  const poll = await Promise.race([opened, ended.then(() => opened)]);
  return {
    network,
    files,
    /** Ends it before the end of the test: only one can run at a time. */
    end,
    join: (buffer = 65536): Client => {
      const client = new Client(network, poll, clients.length, buffer);
      clients.push(client);
      return client;
    },
    /**
     * Advances time until a condition holds.
     *
     * @param most The limit on the network's clock, in milliseconds.
     */
    until: async (isSo: () => boolean, most = 1e6): Promise<void> => {
      if (isSo()) return;
      const by = network.now + most;
      const came = await new Promise<boolean>((settle) => {
        wanted = { isSo, by, settle };
      });
      wanted = { isSo: () => false, by: Infinity, settle: () => {} };
      if (!came && !isSo()) throw new Error("the condition never held");
    },
  };
}
