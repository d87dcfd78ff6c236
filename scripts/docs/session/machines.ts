// The servers of a session that share a log: two, with their broker, and a cable from it to each.

import { Failure } from "../../cli.ts";
import { Broker, findNats, NO_NATS } from "../../machines/broker.ts";
import { Cable } from "../../machines/cable.ts";
import {
  findHost,
  type Host,
  type HostOptions,
  OTHER_DICE,
  type RunningHost,
  startHost,
} from "./host.ts";
import type { Failing, Session } from "./session-event.ts";

/** Why a session cannot be played here, as a line; undefined when it can. */
export function missingFor({ file, line, server }: Session): string | undefined {
  if (!findHost(server).sharesLog || findNats() !== undefined) return undefined;
  return `${file}:${line}: not played, as there is no nats-server`;
}

interface Machine {
  readonly host: RunningHost;
  readonly cable: Cable;
}

export class Machines {
  readonly #broker: Broker;
  readonly #machines = new Map<string, Machine>();

  private constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** @throws {Failure} When there is no nats-server, or a server does not listen. */
  static async start(host: Host, options: HostOptions): Promise<Machines> {
    const nats = findNats();
    if (nats === undefined) throw new Failure(NO_NATS);
    const machines = new Machines(await new Broker(nats).start());
    try {
      await machines.#add("A", host, options);
      await machines.#add("B", host, { ...options, dice: OTHER_DICE });
    } catch (error) {
      await machines.end();
      throw error;
    }
    return machines;
  }

  /** Where the broker is. */
  get broker(): string {
    return this.#broker.address;
  }

  async #add(name: string, host: Host, options: HostOptions): Promise<void> {
    const cable = await new Cable(this.#broker.port).lay();
    const env = { BROKER: cable.address, LOG_LEVEL: "silent" };
    this.#machines.set(name, { cable, host: await startHost(host, { ...options, env }) });
  }

  /** One of the servers, A or B. */
  host(name: string): RunningHost {
    return this.#at(name).host;
  }

  fails(name: string, how: Failing): void {
    const { cable, host } = this.#at(name);
    if (how === "is cut off") cable.cut();
    else if (how === "is connected again") cable.heal();
    else host.process.kill("SIGKILL");
  }

  async end(): Promise<void> {
    for (const { cable, host } of this.#machines.values()) {
      host.process.kill("SIGKILL");
      await host.process.ended;
      cable.close();
    }
    await this.#broker.remove();
  }

  #at(name: string): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`There is no server ${name}`);
    return machine;
  }
}
