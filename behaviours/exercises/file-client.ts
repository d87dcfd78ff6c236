// Clients of the reactor part's file servers, and what can be observed of a server from outside.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { type Client, Unmet } from "../client.ts";
import type { World } from "../world.ts";

/** Requests a file. @returns The whole response, from the status line to the end. */
export async function asks(world: World, target: string, label = "ann"): Promise<string> {
  const client = await world.connect(label);
  client.sendBytes(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return (await client.seesEndSomeTime()).join("\n");
}

/** Connects a client that sends the beginning of a request, and then stalls. */
export async function dawdles(world: World, label = "slow"): Promise<Client> {
  const client = await world.connect(label);
  client.sendBytes("GET /");
  return client;
}

/** Waits until the server has printed `expected`. @throws {Unmet} When it does not in time. */
export async function prints(world: World, expected: RegExp): Promise<void> {
  await until(world, `${expected} on the terminal`, () =>
    expected.test(world.process.output()),
  );
}

/** How often the main thread has gone to sleep voluntarily (proc(5), "status"). */
export function sleepsOf(world: World): number {
  const status = readFileSync(`/proc/${world.process.pid}/status`, "utf8");
  return Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]);
}

/** Polls a condition. @throws {Unmet} When it does not become true in time. */
export async function until(
  world: World,
  expected: string,
  condition: () => boolean,
): Promise<void> {
  const end = performance.now() + world.patience;
  while (!condition()) {
    if (performance.now() > end) throw new Unmet(expected, "nothing of it in time");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Sends a text, half-closes, and reads until the server has closed its side. */
export async function echoOf(port: number, said: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  socket.end(said);
  await once(socket, "end");
  return Buffer.concat(pieces).toString();
}
