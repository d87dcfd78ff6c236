// The exercises of r7 · I/O server.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { echoOf, prints, until } from "./file-client.ts";

const HELLO = "GET /hello/ann HTTP/1.1\r\nHost: x\r\n\r\n";

export const EXERCISES_R7: readonly Exercise[] = [
  exercise(
    "r7.1",
    "prints after a signal how many clients each thread has",
    async (world) => {
      for (const label of ["ann", "bob", "eve"]) await isGreeted(world, label);
      world.process.kill("SIGUSR2");
      await prints(world, /^clients: 3$/m);
    },
    { signals: true, process: true },
  ),

  exercise(
    "r7.2",
    "starts another thread after a signal, and serves clients with both",
    async (world) => {
      await isGreeted(world, "ann");
      world.process.kill("SIGUSR2");
      await prints(world, /^threads: 2$/m);
      for (let count = 0; count < 10; count += 1) await isGreeted(world, `bob${count}`);
    },
    { signals: true, process: true },
  ),

  exercise(
    "r7.2",
    "prints each number of threads once, however fast the signals come",
    async (world) => {
      await isGreeted(world, "ann");
      // Several signals at once may count as one.
      await until(world, "four threads", () => {
        world.process.kill("SIGUSR2");
        return world.process.output().includes("threads: 4");
      });
      await prints(world, /^threads: 2\nthreads: 3\nthreads: 4$/m);
    },
    { signals: true, process: true },
  ),

  exercise("r7.3", "echoes, also what comes in one go and is long", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes("hello\n");
    const line = await ann.line();
    if (line !== "hello") throw new Unmet("hello", line);
    const said = "hello again\n".repeat(50_000);
    const got = await echoOf(world.server.port, said);
    if (got !== said) throw new Unmet("an echo", `${got.length} bytes of it`);
  }),
];

async function isGreeted(world: World, name: string): Promise<void> {
  const client = await world.connect(name);
  client.sendBytes(HELLO);
  while ((await client.line()) !== "Hello, ann!");
}
