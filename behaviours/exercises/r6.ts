// The exercises of r6 · Reactor.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { dawdles, echoOf, prints } from "./file-client.ts";

export const EXERCISES_R6: readonly Exercise[] = [
  exercise("r6.1", "echoes on a second port", async (world) => {
    await prints(world, /^echo on 127\.0\.0\.1:\d+$/m);
    const [, port] = /^echo on .*:(\d+)$/m.exec(world.process.output()) ?? [];
    const said = "hello\n".repeat(50_000);
    if ((await echoOf(Number(port), said)) !== said) throw new Unmet("an echo", "less");
    await isGreeted(world, "ann");
  }),

  exercise(
    "r6.2",
    "prints after a signal how many clients there are",
    async (world) => {
      for (const label of ["ann", "bob", "eve"]) await dawdles(world, label);
      // The server accepts in order, so those three have been accepted.
      await isGreeted(world, "dan");
      world.process.kill("SIGUSR2");
      await prints(world, /^clients: [34]$/m);
    },
    { signals: true, process: true },
  ),

  exercise("r6.3", "prints what happens to which handler", async (world) => {
    await isGreeted(world, "ann");
    await prints(world, /^Listener: readable$/m);
    await prints(world, /^Client: readable, writable$/m);
  }),
];

async function isGreeted(world: World, name: string): Promise<void> {
  const client = await world.connect(name);
  client.sendBytes(`GET /hello/${name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const lines = await client.seesEndSomeTime();
  if (!lines.includes(`Hello, ${name}!`)) throw new Unmet("a greeting", lines.join("\n"));
}
