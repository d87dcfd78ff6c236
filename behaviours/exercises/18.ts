// The exercises of 18: a louder log, silent clients, and a word in private.
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
    "says goodbye to a client that says nothing, and to no other",
    async ({ join }: World) => {
      const alice = await join("alice");
      const bob = await join("bob");
      // After the first twenty, ten a second: that is longer than Bob may be silent.
      for (let i = 0; ; i += 1) {
        await alice.talks(`number ${i}`);
        const line = await bob.line();
        if (line === "You said nothing for 0.5 seconds, goodbye!") break;
        if (i === 40) throw new Unmet("a goodbye", line);
      }
      await bob.seesEnd();
      await bob.leaves();
      await alice.talks("hello");
    },
    { env: { MAX_IDLE: "0.5" } },
  ),

  exercise("18.3", "says a word to one user alone", async ({ join }: World) => {
    const alice = await join("alice");
    const bob = await join("bob");
    const carol = await join("carol");
    alice.send(`/msg ${bob.name.toUpperCase()} a secret, really`);
    await alice.sees(`You to ${bob.name}: a secret, really`);
    await bob.sees(`${alice.name} to you: a secret, really`);
    await carol.seesNothing();
    await bob.sees(carol.says("fence 1"));
    await alice.sees(carol.says("fence 1"));
    alice.send(`/msg ${alice.name}x psst`);
    await alice.sees(`There is no ${alice.name}x`);
    alice.send(`/msg ${bob.name}`);
    await alice.sees("Say /msg {name} {text}");
    await bob.leaves();
    alice.send(`/msg ${bob.name} are you there?`);
    await alice.sees(`There is no ${bob.name}`);
  }),
];
