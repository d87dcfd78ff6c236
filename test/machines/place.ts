// Servers of one chat for a test: a broker, servers, what stands between them, and clients that
// keep all that they see.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, onTestFinished } from "vitest";
import { dial, LineClient } from "../../behaviours/line-client.ts";
import { type Server, startServer } from "../../behaviours/server.ts";
import { Broker, findNats } from "../../scripts/machines/broker.ts";
import { Cable } from "../../scripts/machines/cable.ts";

const PATIENCE = 40_000;

/** A broker that runs, and is removed with the test. */
export async function startBroker(options: { config?: string } = {}): Promise<Broker> {
  const broker = new Broker(findNats() ?? "nats-server", options);
  onTestFinished(() => broker.remove());
  return broker.start();
}

/** A server on the log of a broker, as `host:port`. */
export async function startOn(
  broker: string,
  ...flags: string[]
): Promise<Required<Server>> {
  const file = join(inject("built"), "m2-many/server.js");
  const command = [process.execPath, file, "--rate", "0", ...flags];
  const server = await startServer({ command, env: { BROKER: broker } });
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });
  return server;
}

/** Waits until a server has logged something: its log comes another way than its answers. */
export async function logs({ process }: Required<Server>, what: RegExp): Promise<void> {
  while (!what.test(process.output())) await sleep(10);
}

/** A client that reads all that comes. */
export class Listener extends LineClient {
  readonly lines: string[] = [];
  name = "";

  /** Connects, and takes a name. */
  static async join({ port }: Server, name: string): Promise<Listener> {
    const socket = await dial("127.0.0.1", port, PATIENCE);
    const client = new Listener(name, socket, PATIENCE);
    onTestFinished(() => client.destroy());
    await client.sees(/^You joined main$/);
    client.name = client.lines.join().match(/You are (\w+)/)?.[1] ?? "";
    if (name === "") return client;
    client.send(`/name ${name}`);
    await client.sees(`${client.name} is now ${name}`);
    client.name = name;
    // All that a renaming appends is in the log when the next is answered.
    client.send("/rooms");
    await client.sees(/^Rooms - /);
    return client;
  }

  send(...texts: string[]): void {
    this.socket.write(texts.map((text) => `${text}\n`).join(""));
  }

  /** Waits until a line has come. */
  async sees(line: string | RegExp): Promise<void> {
    const is = (one: string) =>
      typeof line === "string" ? one === line : line.test(one);
    let from = 0;
    await this.until(() => {
      const found = this.lines.slice(from).some(is);
      from = this.lines.length;
      return found;
    }).catch((error: Error) => {
      const last = this.lines.slice(-10).join("\n");
      throw new Error(`${this.label} waits for ${line}: ${error.message}\n${last}`);
    });
  }

  /** How often a line has come. */
  count(line: string): number {
    return this.lines.filter((one) => one === line).length;
  }

  /** What was said, by whomever: the lines that begin with a name and a colon. */
  said(): string[] {
    return this.lines.filter((line) => /^\w+: /.test(line));
  }

  protected override receive(text: string): void {
    super.receive(text);
    for (let line = this.take(); line !== undefined; line = this.take()) {
      this.lines.push(line);
    }
  }
}

/**
 * Two users create a room at once, and write its name in different ways. Whichever name it gets,
 * both read the same one, until both have left.
 */
export async function createAtOnce(ann: Listener, bob: Listener, room: string) {
  const users = [ann, bob];
  for (const user of users) user.lines.length = 0;
  // On one server, lines that arrive at once share an entry, and both go on when it is read.
  ann.send("hello", `/join ${room.toUpperCase()}`);
  bob.send("hello", `/join ${room.toLowerCase()}`);
  for (const user of users) await user.sees(/^You joined /);
  for (const user of users) {
    user.send(`/join ${room}`, "/rooms");
    await user.sees(/^Rooms - /);
  }
  ann.send("/join main");
  await ann.sees(/^You left (?!main$)/);
  const names = users.flatMap(({ lines }) =>
    lines.flatMap(
      (line) => line.match(/^You (?:joined|are in|left) (?!main$)(\S+)$/)?.[1] ?? [],
    ),
  );
  const [name] = names;
  expect(names).toEqual(Array(5).fill(name));
  for (const { lines } of users) {
    expect(lines.find((line) => line.startsWith("Rooms - "))).toContain(`${name} (`);
  }
  bob.send("/join main");
  await bob.sees(/^You left (?!main$)/);
}

/** A cable to a port of this machine, taken away with the test. */
export async function layCable(port: number): Promise<Cable> {
  const cable = await new Cable(port).lay();
  onTestFinished(() => cable.close());
  return cable;
}
