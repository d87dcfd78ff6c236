// What a behaviour is given: a server under test, and clients to steer.
import type { LogBroker } from "./broker.ts";
import { Client, type ClientOptions, Cured, NotGreeted, open, Unmet } from "./client.ts";
import { Member } from "./member.ts";
import type { Server } from "./server.ts";
import { announced } from "./wire.ts";

interface WorldOptions {
  server: Server;
  /** The number of the step whose lines and rules hold. */
  step: number;
  /** How long to wait for what must come, in milliseconds. */
  patience: number;
  /** More bytes than the two systems keep of a connection. */
  plenty?: number;
  /** Starts another server of the same kind, with more in its environment. */
  start?: ((env: Record<string, string>) => Promise<Required<Server>>) | undefined;
  /** Where the servers share a log. */
  broker?: LogBroker | undefined;
}

/** On Linux some 10 MB at most, as it comes (tcp(7), tcp_rmem and tcp_wmem). */
const PLENTY = 12_000_000;

/** One behaviour's server and clients. Names and rooms are new each time: `unique`. */
export class World {
  readonly server: Server;
  readonly step: number;
  readonly patience: number;
  readonly plenty: number;
  /** What all clients sent and saw, in order. */
  readonly transcript: string[] = [];
  readonly #clients: Client[] = [];
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

  /** A connection, and nothing more. */
  connect = async (label: string): Promise<Client> => {
    const options = this.#options(label);
    const client = new Client(await open(options), options);
    this.#clients.push(client);
    return client;
  };

  /** A connection that has been greeted, as far as the step greets, and is in `main`. */
  join = (label: string): Promise<Member> => this.joinOn(this.server, label);

  /** The same with a server that was started beside the first. */
  joinOn = async (server: Server, label: string): Promise<Member> => {
    const options = this.#options(label, server);
    const member = new Member(await open(options), options, this.step);
    this.#clients.push(member);
    try {
      await member.isGreeted();
    } catch (error) {
      // Behind another client it may have to wait, which is another matter.
      if (!(error instanceof Unmet) || this.#clients.length > 1) throw error;
      throw new NotGreeted(error.expected, error.got);
    }
    return member;
  };

  /** A word that no other behaviour uses: 2 to 20 letters and digits. */
  unique = (word: string): string => {
    return `${word}${Math.floor(Math.random() * 36 ** 6).toString(36)}`;
  };

  /**
   * Starts one more server of the same kind, which ends with the others.
   *
   * @throws {Unmet} When the first was not started by us.
   */
  starts = async (env: Record<string, string> = {}): Promise<Required<Server>> => {
    if (this.#start === undefined) {
      throw new Unmet("a server that can be started again", "one that ran before");
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

  /** The process of the server. @throws {Unmet} when we did not start it. */
  get process() {
    if (this.server.process) return this.server.process;
    throw new Unmet(
      "a server that was started for this behaviour",
      "one that ran before",
    );
  }

  /** The server ends by itself. @returns its exit code, or the signal that ended it. */
  serverEnds = async (): Promise<number | NodeJS.Signals> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.patience);
    });
    const code = await Promise.race([this.process.ended, late]);
    clearTimeout(timer);
    if (code === undefined) throw new Unmet("the server to end", "it runs on");
    return code;
  };

  /**
   * The server ends, which is its defect.
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
   * The server closed a connection, which is how it keeps clear of a defect.
   *
   * @throws {Cured} When it still serves the others. @throws {Unmet} When it does not.
   */
  closedOnlyThat = async (): Promise<never> => {
    if (await this.#serves()) throw new Cured("a defect", "only that connection closed");
    throw new Unmet("the server to close one connection", "it serves no other");
  };

  /** Whether anything at all has come from the server. */
  get heard(): boolean {
    return this.#clients.some(({ received }) => received > 0);
  }

  /** Ends all connections. */
  close(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** Ends the servers that it has started, and waits until they have ended. */
  async end(): Promise<void> {
    for (const { process } of this.#started) process.kill("SIGKILL");
    for (const { process } of this.#started) await process.ended;
  }

  #options(label: string, { host, port } = this.server): ClientOptions {
    return {
      host,
      port,
      label,
      patience: this.patience,
      announced: (line) => announced(this.step, line),
      transcript: this.transcript,
    };
  }
}
