// The exercises of 18 · Final: a more verbose log, silent clients, and private messages.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { until } from "./file-client.ts";

/** Waits until the server has logged something, after the first characters of its output. */
function logged(world: World, text: string, after: number): Promise<void> {
  const { output } = world.process;
  return until(world, `${text} in the log`, () => output().includes(text, after));
}

export const EXERCISES_18: readonly Exercise[] = [
  exercise(
    "18.1",
    "logs more after a signal, and less after the next",
    async (world: World) => {
      const { join, process, serverEnds } = world;
      const ann = await join("ann");
      await ann.renames("Ann");
      for (const [name, level] of [
        ["Anna", "debug"],
        ["Annabel", "info"],
      ] as const) {
        const { length } = process.output();
        process.kill("SIGUSR2");
        // The step itself has no handler for the signal, and ends.
        await Promise.race([logged(world, level, length), serverEnds()]);
        await ann.renames(name);
      }
      process.kill("SIGTERM");
      await ann.seesEndSomeTime();
      await ann.leaves();
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
      const ann = await join("ann");
      const bob = await join("bob");
      // The first twenty, then ten a second: together longer than Bob may be silent.
      for (let i = 0; ; i += 1) {
        await ann.talks(`number ${i}`);
        const line = await bob.line();
        if (line === "You said nothing for 0.5 seconds, goodbye!") break;
        if (i === 40) throw new Unmet("a goodbye", line);
      }
      await bob.seesEnd();
      await bob.leaves();
      await ann.talks("hello");
    },
    { env: { MAX_IDLE: "0.5" } },
  ),

  exercise("18.3", "says a word to one user alone", async ({ join }: World) => {
    const ann = await join("ann");
    const bob = await join("bob");
    const eve = await join("eve");
    ann.send(`/msg ${bob.name.toUpperCase()} a secret, really`);
    await ann.sees(`You to ${bob.name}: a secret, really`);
    await bob.sees(`${ann.name} to you: a secret, really`);
    await eve.seesNothing();
    await bob.sees(eve.says("fence 1"));
    await ann.sees(eve.says("fence 1"));
    ann.send(`/msg ${ann.name}x psst`);
    await ann.sees(`There is no ${ann.name}x`);
    ann.send(`/msg ${bob.name}`);
    await ann.sees("Say /msg {name} {text}");
    await bob.leaves();
    ann.send(`/msg ${bob.name} are you there?`);
    await ann.sees(`There is no ${bob.name}`);
  }),
];
