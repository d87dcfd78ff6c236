// What a behaviour works with: a server under test, and clients.
import type { LogBroker } from "./broker.ts";
import {
  type Client,
  type ClientOptions,
  Cured,
  NotGreeted,
  open,
  Unmet,
} from "./client.ts";
import { Member } from "./member.ts";
import type { Server } from "./server.ts";
import { announced } from "./wire.ts";

interface WorldOptions {
  server: Server;
  /** The number of the step whose lines and rules apply. */
  step: number;
  /** How long to wait for each expected answer, in milliseconds. */
  patience: number;
  /** More bytes than the socket buffers of both sides hold. */
  plenty?: number;
  /** Starts another server of the same kind, with additional environment variables. */
  start?: ((env: Record<string, string>) => Promise<Required<Server>>) | undefined;
  /** The broker of the log that the servers share, if they do. */
  broker?: LogBroker | undefined;
}

/** Linux buffers about 10 MB at most by default (tcp(7), tcp_rmem and tcp_wmem). */
const PLENTY = 12_000_000;

/** A client of another protocol. */
interface Adopted {
  /** How many bytes it has received. */
  readonly received: number;
  close(): void;
}

/** One behaviour's server and clients. `unique` makes names and rooms that are new each time. */
export class World {
  readonly server: Server;
  readonly step: number;
  readonly patience: number;
  readonly plenty: number;
  /** What all clients sent and received, in order. */
  readonly transcript: string[] = [];
  /** What `unique` has returned. */
  readonly names: string[] = [];
  readonly #clients: Client[] = [];
  readonly #adopted: Adopted[] = [];
  readonly #started: Required<Server>[] = [];
  readonly #start: WorldOptions["start"];
  readonly #broker: LogBroker | undefined;

  constructor({ server, step, patience, plenty = PLENTY, ...more }: WorldOptions) {
    this.server = server;
    this.#start = more.start;
    this.#broker = more.broker;
    this.step = step;
    this.patience = patience;
    this.plenty = plenty;
  }

  /** Connects a client, without waiting for the greeting. */
  connect = (label: string): Promise<Member> => this.#connectTo(this.server, label);

  /** Takes on a client of another protocol: it is closed with the others. */
  adopt<One extends Adopted>(client: One): One {
    this.#adopted.push(client);
    return client;
  }

  /** Connects a client, and waits until it is greeted (if the step greets) and in `main`. */
  join = (label: string): Promise<Member> => this.joinOn(this.server, label);

  /** The same with another server that was started. */
  joinOn = async (server: Server, label: string): Promise<Member> => {
    const member = await this.#connectTo(server, label);
    try {
      await member.isGreeted();
    } catch (error) {
      // With other clients connected, it may have to wait its turn, which is another matter.
      if (!(error instanceof Unmet) || this.#clients.length > 1) throw error;
      throw new NotGreeted(error.expected, error.got, error.lines);
    }
    return member;
  };

  /** Returns a word that no other behaviour uses: 2 to 20 letters and digits. */
  unique = (word: string): string => {
    const name = `${word}${Math.floor(Math.random() * 36 ** 6).toString(36)}`;
    this.names.push(name);
    return name;
  };

  /**
   * Starts another server of the same kind, which ends with the others.
   *
   * @throws {Unmet} When the first was not started by us.
   */
  starts = async (env: Record<string, string> = {}): Promise<Required<Server>> => {
    if (this.#start === undefined) {
      throw new Unmet("a server that we can start", "one that was already running");
    }
    const server = await this.#start(env);
    this.#started.push(server);
    return server;
  };

  /** The broker at which the servers share a log. @throws {Unmet} When there is none. */
  get broker(): LogBroker {
    if (this.#broker) return this.#broker;
    throw new Unmet("a broker that was started for this behaviour", "none");
  }

  /** The process of the server. @throws {Unmet} When we did not start it. */
  get process() {
    if (this.server.process) return this.server.process;
    throw new Unmet(
      "a server that was started for this behaviour",
      "one that was already running",
    );
  }

  /** Expects the server to end. @returns Its exit code, or the signal that ended it. */
  serverEnds = async (): Promise<number | NodeJS.Signals> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.patience);
    });
    const code = await Promise.race([this.process.ended, late]);
    clearTimeout(timer);
    if (code === undefined) throw new Unmet("the server to end", "it keeps running");
    return code;
  };

  /**
   * Expects the server to end, which is its defect.
   *
   * @throws {Cured} When it serves one more client instead.
   */
  serverEndsByDefect = async (): Promise<number | NodeJS.Signals> => {
    if (await this.#serves()) throw new Cured("the server to end", "it still serves");
    return this.serverEnds();
  };

  /** Whether one more client is served. */
  #serves = async (): Promise<boolean> => {
    try {
      await (await this.join("eve")).talks("still there?");
      return true;
    } catch (error) {
      if (error instanceof Unmet) return false;
      throw error;
    }
  };

  /**
   * Called when the server has closed a connection, which avoids a defect.
   *
   * @throws {Cured} When it still serves the others. @throws {Unmet} When it does not.
   */
  closedOnlyThat = async (): Promise<never> => {
    if (await this.#serves()) throw new Cured("a defect", "only that connection closed");
    throw new Unmet("the server to close one connection", "it serves no other");
  };

  /** Whether the server has sent anything. */
  get heard(): boolean {
    const clients = [...this.#clients, ...this.#adopted];
    return clients.some(({ received }) => received > 0);
  }

  /** Ends all connections. */
  close(): void {
    for (const client of this.#clients) client.destroy();
    for (const client of this.#adopted) client.close();
  }

  /** Ends the servers that `starts` has started, and waits until they have ended. */
  async end(): Promise<void> {
    for (const { process } of this.#started) process.kill("SIGKILL");
    for (const { process } of this.#started) await process.ended;
  }

  async #connectTo(server: Server, label: string): Promise<Member> {
    const options = this.#options(label, server);
    const member = new Member(await open(options), options, this.step);
    this.#clients.push(member);
    return member;
  }

  /** On a server that was running, users of ours may still be leaving, and others may come. */
  #isStranger(name: string): boolean {
    if (this.server.process !== undefined) return false;
    const names = [...this.names, ...this.#clients.map((client) => client.name)];
    return !names.includes(name);
  }

  #options(label: string, { host, port } = this.server): ClientOptions {
    return {
      host,
      port,
      label,
      patience: this.patience,
      announced: (line) => announced(this.step, line),
      isStranger: (name) => this.#isStranger(name),
      transcript: this.transcript,
    };
  }
}
