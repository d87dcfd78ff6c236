// The exercises of 18: a louder log, a full server, and floods.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { until } from "./file-client.ts";

/** Waits until the server has logged something. */
function logged(world: World, text: string): Promise<void> {
  return until(world, `${text} in the log`, () => world.process.output().includes(text));
}

export const EXERCISES_18: readonly Exercise[] = [
  exercise(
    "18.1",
    "logs more after a signal, and less after the next",
    async (world: World) => {
      const { join, process, serverEnds } = world;
      const alice = await join("alice");
      await alice.renames("Ann");
      for (const [name, level] of [
        ["Anna", "debug"],
        ["Annabel", "info"],
      ] as const) {
        process.kill("SIGUSR2");
        // The step itself ends by the signal, which is what it has no handler for.
        await Promise.race([logged(world, `"level":"${level}"`), serverEnds()]);
        await alice.renames(name);
      }
      process.kill("SIGTERM");
      await alice.seesEndSomeTime();
      await alice.leaves();
      await serverEnds();
      const renamed = process
        .output()
        .split("\n")
        .filter((line) => line.includes('"renamed"'));
      if (renamed.length !== 1 || !renamed[0]?.includes('"Anna"')) {
        throw new Unmet("one change of name in the log, to Anna", renamed.join());
      }
    },
    { signals: true, process: true },
  ),

  exercise(
    "18.2",
    "refuses a client above its limit, and says why",
    async ({ connect, join }: World) => {
      const alice = await join("alice");
      const bob = await join("bob");
      const carol = await connect("carol");
      await carol.sees("Server is full, try again later");
      await carol.seesEnd();
      await alice.talks("hello");
      await bob.sees(alice.says("hello"));
      await bob.leaves();
      for (;;) {
        const dave = await connect("dave");
        if ((await dave.line()) === "Server commands") break;
        await dave.seesEnd();
      }
    },
    { env: { MAX_CLIENTS: "2" } },
  ),

  exercise(
    "18.3",
    "reads a flood slowly, serves the others meanwhile, and loses nothing",
    async ({ join }: World) => {
      const alice = await join("alice");
      const bob = await join("bob");
      const texts = Array.from({ length: 50 }, (_, i) => `number ${i}`);
      alice.send(texts.join("\n"));
      await bob.sees(alice.says("number 0"));
      bob.send("a word");
      const seen: string[] = [];
      while (seen.at(-1) !== alice.says("number 49")) seen.push(await alice.line());
      const place = seen.indexOf(bob.says("a word"));
      if (place < 20 || place > 49) throw new Unmet("Bob's word in between", `${place}`);
      seen.splice(place, 1);
      const expected = texts.map((text) => alice.says(text));
      if (seen.join() !== expected.join()) throw new Unmet(expected.join(), seen.join());
    },
  ),
];
