// Two servers on one log, with users on both, and the faults to inject: `just faults m2`.
import { setTimeout as sleep } from "node:timers/promises";
import { dial, LineClient } from "../../behaviours/line-client.ts";
import { type Server, startServer } from "../../behaviours/server.ts";
import { lastWords, serverError, started } from "../server-error.ts";
import { Broker } from "./broker.ts";
import { Cable } from "./cable.ts";

/** How long a user waits for a connection, and how often each talks; in milliseconds. */
const PATIENCE = 60_000;
const TALK = 1_000;

/** On each server, the user whose lines are shown, and another user. */
const USERS = [
  ["Ann", "Cy"],
  ["Bob", "Dee"],
] as const;

interface LabOptions {
  /** The command that runs a server. */
  readonly command: readonly string[];
  readonly nats: string;
  /** Called with each line that Ann (on server 0) or Bob (on server 1) receives. */
  readonly onLine: (server: 0 | 1, line: string) => void;
  /** Called with a description of each fault. */
  readonly onEvent: (what: string) => void;
}

class User extends LineClient {
  onLine: (line: string) => void = () => {};

  say(line: string): void {
    this.socket.write(`${line}\n`);
  }

  protected override receive(text: string): void {
    super.receive(text);
    for (let line = this.take(); line !== undefined; line = this.take()) {
      this.onLine(line);
    }
  }
}

export class Lab {
  readonly #options: LabOptions;
  readonly #broker: Broker;
  #cable: Cable | undefined;
  readonly #servers: (Required<Server> | undefined)[] = [];
  readonly #users = new Set<User>();
  #isStopped = false;
  #isClosed = false;
  #said = 0;

  constructor(options: LabOptions) {
    this.#options = options;
    this.#broker = new Broker(options.nats, { apart: true });
  }

  /** Starts the broker, the cable and both servers. */
  async start(): Promise<void> {
    await this.#broker.start();
    this.#cable = await new Cable(this.#broker.port).lay();
    await this.#startServer(0);
    await this.#startServer(1);
  }

  /** The actions, by key, each with its description. */
  readonly keys: Readonly<Record<string, readonly [what: string, act: () => unknown]>> = {
    k: ["kill Bob's server, or start it again", () => this.#kill("SIGKILL")],
    t: ["stop Bob's server as a supervisor does", () => this.#kill("SIGTERM")],
    s: ["pause Bob's server, or resume it", () => this.#stop()],
    b: ["stop the broker, or start it again", () => this.#toggleBroker()],
    c: ["cut Bob's server from the broker, or reconnect it", () => this.#toggleCable()],
    n: ["have Cy, on Ann's server, ask for the name Bob", () => this.#takeName()],
  };

  /** Makes Ann and Bob talk until the lab is closed. */
  async talk(): Promise<void> {
    while (!this.#isClosed) {
      await sleep(TALK);
      this.#said += 1;
      for (const user of this.#users) {
        if (["Ann", "Bob"].includes(user.label)) user.say(`${this.#said}`);
      }
    }
  }

  /** Stops everything that it has started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const user of this.#users) user.destroy();
    for (const server of this.#servers) {
      server?.process.kill("SIGKILL");
      await server?.process.ended;
    }
    this.#cable?.close();
    await this.#broker.remove();
  }

  async #startServer(at: 0 | 1): Promise<void> {
    const { command, onEvent } = this.#options;
    const broker = at === 0 ? this.#broker.address : (this.#cable?.address ?? "");
    const env = { BROKER: broker, LOG_LEVEL: "error" };
    const server = await started(`server ${"AB"[at]}`, startServer({ command, env }));
    this.#servers[at] = server;
    void server.process.ended.then((code) => {
      this.#servers[at] = undefined;
      const output = server.process.output();
      const last = lastWords(output).filter((line) => line.startsWith("Cannot"));
      const said = [...serverError(output), ...last];
      const why = said.length > 0 ? `: ${said.join(" ")}` : "";
      if (!this.#isClosed) onEvent(`server ${"AB"[at]} ended with ${code}${why}`);
    });
    for (const name of USERS[at]) await this.#join(server, at, name);
  }

  async #join({ port }: Server, at: 0 | 1, name: string): Promise<void> {
    const user = new User(name, await dial("127.0.0.1", port, PATIENCE), PATIENCE);
    let isIn = false;
    user.onLine = (line) => {
      if (line.startsWith("You joined")) isIn = true;
      const isShown = name === USERS[at][0] && isIn;
      if (isShown) this.#options.onLine(at, line);
    };
    this.#users.add(user);
    await user.until(() => isIn);
    user.say(`/name ${name}`);
  }

  async #kill(signal: NodeJS.Signals): Promise<void> {
    const { onEvent } = this.#options;
    const server = this.#servers[1];
    if (server) {
      onEvent(`server B gets ${signal}`);
      for (const user of this.#users) {
        if (USERS[1].some((name) => name === user.label)) this.#users.delete(user);
      }
      server.process.kill("SIGCONT");
      this.#isStopped = false;
      server.process.kill(signal);
    } else {
      onEvent("server B starts");
      await this.#startServer(1);
    }
  }

  #stop(): void {
    this.#isStopped = !this.#isStopped;
    this.#options.onEvent(`server B ${this.#isStopped ? "is paused" : "is resumed"}`);
    this.#servers[1]?.process.kill(this.#isStopped ? "SIGSTOP" : "SIGCONT");
  }

  async #toggleBroker(): Promise<void> {
    const runs = this.#broker.pid !== undefined;
    this.#options.onEvent(`the broker ${runs ? "stops" : "starts"}`);
    if (runs) await this.#broker.stop("SIGKILL");
    else await this.#broker.start();
  }

  #toggleCable(): void {
    const cable = this.#cable;
    if (!cable) return;
    if (cable.isCut) cable.heal();
    else cable.cut();
    this.#options.onEvent(`the cable of server B is ${cable.isCut ? "cut" : "repaired"}`);
  }

  #takeName(): void {
    for (const user of this.#users) if (user.label === "Cy") user.say("/name Bob");
  }
}
