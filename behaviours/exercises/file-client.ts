// Clients of the reactor chapter's file servers, and what one sees of a server from outside.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { type Client, Unmet } from "../client.ts";
import type { World } from "../world.ts";

/** Asks for a file, and sees the status line and all that follows until the end. */
export async function asks(world: World, target: string, label = "ann"): Promise<string> {
  const client = await world.connect(label);
  client.sendBytes(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return (await client.seesEndSomeTime()).join("\n");
}

/** A client that has begun to ask, and does not go on. */
export async function dawdles(world: World, label = "slow"): Promise<Client> {
  const client = await world.connect(label);
  client.sendBytes("GET /");
  return client;
}

/** Waits until the server has printed this. @throws {Unmet} When it does not in time. */
export async function prints(world: World, expected: RegExp): Promise<void> {
  await until(world, `${expected} on the terminal`, () =>
    expected.test(world.process.output()),
  );
}

/** How often the main thread has gone to sleep by itself (proc(5), "status"). */
export function sleepsOf(world: World): number {
  const status = readFileSync(`/proc/${world.process.pid}/status`, "utf8");
  return Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]);
}

/** Asks again and again. @throws {Unmet} When it does not become true in time. */
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

/** Sends a text, finishes, and reads until the other has, too. */
export async function echoOf(port: number, said: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  socket.end(said);
  await once(socket, "end");
  return Buffer.concat(pieces).toString();
}
