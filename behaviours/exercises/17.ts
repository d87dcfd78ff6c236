// The exercises of 17 · Performance: a counter, a limit in bytes, and unpredictable names.

import { ADJECTIVES, ANIMALS } from "../../examples/shared/words.ts";
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

async function stats(user: Awaited<ReturnType<World["join"]>>) {
  user.send("/stats");
  const line = await user.sees(/^Stats - \d+ lines in \d+ writes$/);
  const [lines = 0, writes = 0] = (line.match(/\d+/g) ?? []).map(Number);
  return { lines, writes };
}

export const EXERCISES_17: readonly Exercise[] = [
  exercise("17.1", "counts lines and writes", async ({ join }: World) => {
    const ann = await join("ann");
    const bob = await join("bob");
    // Without this, the line might still be in flight, and count as one of those below.
    await ann.sees(`${bob.name} joined`);
    const before = await stats(ann);
    const texts = Array.from({ length: 100 }, (_, i) => `number ${i}`);
    bob.send(texts.join("\n"));
    for (const user of [ann, bob]) {
      await user.seesAll(texts.map((text) => bob.says(text)));
    }
    const after = await stats(ann);
    const [lines, writes] = [after.lines - before.lines, after.writes - before.writes];
    if (lines !== 200) throw new Unmet("200 lines", `${lines}`);
    if (writes < 2 || writes > 20) throw new Unmet("2 to 20 writes", `${writes}`);
  }),

  exercise(
    "17.2",
    "disconnects a client that is many bytes behind, even if few messages",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      bob.pauses();
      // More than most systems buffer, and less than both limits, even if nothing is buffered.
      const long = Array<string>(35).fill("x".repeat(200_000));
      const short = Array.from({ length: 900 }, (_, i) => `number ${i}`);
      for (const text of long) await ann.talks(text);
      ann.sendBytes(`${short.join("\n")}\n`);
      await ann.seesAll(short.map((text) => ann.says(text)));
      bob.resumes();
      await bob.seesAll([...long, ...short].map((text) => ann.says(text)));
      bob.pauses();
      // More than the limit and all buffers in between, but far fewer than 1024 messages.
      const lines = await ann.floods(60_000_000);
      if (lines > 900) throw new Error(`${lines} messages are too many to show it`);
      bob.resumes();
      const got = await bob.seesEndSomeTime();
      if (got.length >= lines)
        throw new Unmet("fewer lines than were sent", "all of them");
      await ann.talks("still here");
    },
  ),

  exercise(
    "17.3",
    "gives names at no fixed distance from each other",
    async ({ join }: World) => {
      const count = ADJECTIVES.length * ANIMALS.length;
      const places: number[] = [];
      for (let i = 0; i < 6; i += 1) {
        const { name } = await join(`client ${i}`);
        const [, adjective = "", animal = ""] =
          /^([A-Z][a-z]+)([A-Z][a-z]+)$/.exec(name) ?? [];
        places.push(
          ADJECTIVES.indexOf(adjective) * ANIMALS.length + ANIMALS.indexOf(animal),
        );
      }
      const distances = places.slice(1).map((place, i) => {
        return (place - (places[i] ?? 0) + count) % count;
      });
      if (new Set(distances).size < 4) {
        throw new Unmet("several distances", distances.join());
      }
    },
  ),
];
