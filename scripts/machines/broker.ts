// A broker for the part beyond one machine: nats-server with JetStream, on loopback, with a
// store that is deleted with it. It must be installed: nothing is downloaded.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogBroker } from "../../behaviours/broker.ts";
import { endWithUs } from "../../behaviours/watchdog.ts";
import { Failure } from "../cli.ts";

/** Debian installs it in a folder that is only on root's PATH. */
const PLACES = ["nats-server", "/usr/sbin/nats-server", "/usr/local/bin/nats-server"];

/** The command that runs nats-server; undefined when it is not installed. */
export function findNats(): string | undefined {
  return PLACES.find((name) => spawnSync(name, ["--version"]).status === 0);
}

/** The message when a broker is needed, but nats-server is not installed. */
export const NO_NATS =
  "Cannot start a broker: there is no nats-server; " +
  "apt-get install nats-server, or https://nats.io/download";

/** Starts a broker. @throws {Failure} When nats-server is missing, or does not start. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const nats = findNats();
  if (nats === undefined) throw new Failure(NO_NATS);
  return new Broker(nats, options).start();
}

interface BrokerOptions {
  /** Configuration besides the address to listen on. */
  readonly config?: string;
  /** The port for its clients; by default any free port. */
  readonly port?: number;
  /** Whether JetStream is enabled, which is the default. */
  readonly jetstream?: boolean;
  /** Whether it gets its own process group, so that what ends ours does not end it. */
  readonly apart?: boolean;
}

/** A broker that can be stopped and started again. Its store is kept until `remove`. */
export class Broker implements LogBroker {
  readonly folder = mkdtempSync(join(tmpdir(), "chat-broker-"));
  readonly #nats: string;
  readonly #options: BrokerOptions;
  #port: number;
  #child: ChildProcess | undefined;

  /** @param nats The command, from `findNats`. */
  constructor(nats: string, options: BrokerOptions = {}) {
    this.#nats = nats;
    this.#options = options;
    this.#port = options.port ?? -1;
  }

  /** `127.0.0.1:PORT`, once it has started; it keeps the port from then on. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** The process, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it, and waits until it is ready. @throws {Failure} When it ends before. */
  async start(): Promise<this> {
    const { config = "", jetstream = true, apart = false } = this.#options;
    const file = join(this.folder, "nats.conf");
    const store = `jetstream { store_dir: "${join(this.folder, "store")}" }`;
    const own = config.includes("jetstream") || !jetstream ? "" : store;
    const listen = `host: "127.0.0.1"\nport: ${this.#port}\n`;
    writeFileSync(file, `${listen}${own}\n${config.replaceAll("STORE", this.folder)}\n`);
    const child = spawn(this.#nats, ["-c", file], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: apart,
    });
    this.#child = child;
    child.once("exit", endWithUs(child.pid ?? 0));
    process.once("exit", this.#killed);
    let said = "";
    const isReady = new Promise<void>((resolve, reject) => {
      child.stderr.on("data", (text: Buffer) => {
        said += text;
        const port = /client connections on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port !== undefined) this.#port = Number(port);
        if (said.includes("Server is ready")) resolve();
        if (said.length > 100_000) said = said.slice(-1000);
      });
      child.on("error", reject);
      child.on("close", () => reject(new Error(said.trim().split("\n").at(-1))));
    });
    await isReady.catch((error: Error) => {
      throw new Failure(`Cannot start the broker: ${error.message}`);
    });
    return this;
  }

  /** Stops it, and waits until it has ended. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off("exit", this.#killed);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
  }

  pauses(): void {
    this.#child?.kill("SIGSTOP");
  }

  goesOn(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Asks it, in its own protocol, for the number of the last entry in m2's log. */
  async entries(): Promise<number> {
    const socket = connect(this.#port, "127.0.0.1");
    let said = "";
    socket.write("CONNECT {}\r\nSUB answer 1\r\n");
    socket.write("PUB $JS.API.STREAM.INFO.chat answer 0\r\n\r\n");
    for await (const text of socket) {
      said += text;
      const last = /"last_seq":(\d+)/.exec(said)?.[1];
      if (last !== undefined) return Number(last);
    }
    throw new Error(`The broker does not say how long the log is: ${said}`);
  }

  /** Empties its store, as if the disk was replaced. Only while it is not running. */
  wipe(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
  }

  /** Stops it, and deletes its store. */
  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly #killed = () => {
    this.#child?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };
}
