// The network of a simulated machine: which ports are taken, and how connections are made.
import { type Address, Endpoint } from "./endpoint.ts";
import { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";
import type { Weather } from "./weather.ts";
import { Wire } from "./wire.ts";

/** How long a client waits before it retries a full backlog, in milliseconds. */
const RETRY = 1_000;

/** A port on which a program listens. */
export class Listener {
  readonly local: Address;
  /** Established connections that have not been accepted. */
  readonly waiting: Endpoint[] = [];
  /** From the system to the program that accepts. */
  readonly inner: Wire;
  /** How many connections may wait to be accepted. */
  backlog = 511;
  onReadable = () => {};

  constructor(local: Address, inner: Wire) {
    this.local = local;
    this.inner = inner;
  }
}

export class Network {
  readonly weather: Weather;
  readonly #seed: number;
  readonly #schedule: Schedule;
  readonly #listeners = new Map<number, Listener>();
  #nextPort = 49152;
  #wires = 0;

  constructor(seed: number, schedule: Schedule, weather: Weather) {
    this.#seed = seed;
    this.#schedule = schedule;
    this.weather = weather;
  }

  /** A port that is not in use. */
  freePort(): number {
    while (this.#listeners.has(this.#nextPort)) this.#nextPort += 1;
    return this.#nextPort++;
  }

  /** The port of the oldest listener; undefined when there is none. */
  get listening(): number | undefined {
    return this.#listeners.keys().next().value;
  }

  isTaken(port: number): boolean {
    return this.#listeners.has(port);
  }

  /** @returns undefined when the port is taken. */
  listen(local: Address): Listener | undefined {
    if (this.isTaken(local.port)) return undefined;
    const listener = new Listener(local, this.wire());
    this.#listeners.set(local.port, listener);
    return listener;
  }

  /** Stops listening. Connections that wait to be accepted are reset. */
  unlisten(listener: Listener): void {
    this.#listeners.delete(listener.local.port);
    for (const endpoint of listener.waiting.splice(0)) endpoint.close(true);
  }

  /**
   * Connects to a port.
   *
   * @param done Called one round trip later with the client's end, connected or refused.
   */
  connect(local: Address, remote: Address, done: (end: Endpoint) => void): Endpoint {
    const [there, back] = [this.wire(), this.wire()];
    const mine = { local, remote };
    const client = new Endpoint(mine, this.weather, there, this.wire());
    const inner = this.wire();
    const arrive = () => {
      const listener = this.#listeners.get(remote.port);
      if (listener === undefined) {
        back.send(() => {
          client.refuse();
          done(client);
        });
      } else if (listener.waiting.length > listener.backlog) {
        const at = this.#schedule.now + RETRY;
        this.#schedule.add(at, 0, undefined, () => there.send(arrive));
      } else {
        const server = new Endpoint(
          { local: remote, remote: local },
          this.weather,
          back,
          inner,
        );
        Endpoint.join(client, server);
        listener.waiting.push(server);
        back.send(() => done(client));
        listener.onReadable();
      }
    };
    there.send(arrive);
    return client;
  }

  /** A new wire, for a connection or for a program's own loop. */
  wire(): Wire {
    this.#wires += 1;
    const random = Random.fork(this.#seed, this.#wires);
    return new Wire(this.#schedule, this.weather, random);
  }
}
