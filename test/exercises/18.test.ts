// The exercises of 18: a louder log, a full server, and floods.
import { describe, test } from "vitest";
import { Unmet } from "../../behaviours/client.ts";
import type { World } from "../../behaviours/world.ts";
import { solves } from "./solve.ts";

const hasSignals = process.platform !== "win32";
if (!hasSignals)
  console.warn("NOT RUN here: the log level by a signal; Windows has none");

describe("18.1 needs signals", () => {
  if (!hasSignals) return test.skip("which Windows has not");
  solves(
    "18.1",
    "18-final",
    "logs more after a signal, and less after another",
    async ({ join, process, serverEnds }: World) => {
      const alice = await join("alice");
      await alice.renames("Ann");
      for (const [name, until] of [
        ["Anna", "debug"],
        ["Annabel", "info"],
      ] as const) {
        process.kill("SIGUSR2");
        // The step itself ends by the signal, which is what it has no handler for.
        await Promise.race([logged(process, `"level":"${until}"`), serverEnds()]);
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
  );
});

/** Waits until the server has logged something. */
async function logged(process: World["process"], text: string): Promise<void> {
  while (!process.output().includes(text)) await new Promise(setImmediate);
}

solves(
  "18.2",
  "18-final",
  "tells one client too many that it is full",
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
);

solves(
  "18.3",
  "18-final",
  "reads a flood slowly, while others get a word in, and loses nothing",
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
);
