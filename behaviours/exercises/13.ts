// The exercises of 13 · Join: going back, listening to a second room, and history.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_13: readonly Exercise[] = [
  exercise(
    "13.1",
    "returns to the previous room on /join -",
    async ({ join, unique }: World) => {
      const ann = await join("ann");
      const room = unique("attic");
      ann.send("/join -");
      await ann.sees("You are in main");
      await ann.joins(room);
      ann.send("/join -");
      await ann.sees(`${ann.name} joined main`);
      ann.send("/join -");
      await ann.sees(`${ann.name} joined ${room}`);
    },
  ),

  exercise(
    "13.2",
    "receives a second room's messages, and sends to its own only",
    async ({ join, unique }: World) => {
      const [attic, cellar] = [unique("attic"), unique("cellar")];
      const ann = await join("ann");
      const bob = await join("bob");
      await bob.joins(attic);
      ann.send(`/listen ${attic}`);
      await ann.talks("nobody up there hears this");
      await bob.talks("nobody knows that you listen");
      await ann.sees(`[${attic}] ${bob.says("nobody knows that you listen")}`);
      // Listening to the cellar replaces the attic, whose messages are no longer delivered.
      ann.send(`/listen ${cellar}`);
      await ann.talks("now the cellar");
      await bob.talks("not heard");
      await bob.joins(cellar, attic);
      await ann.sees(`[${cellar}] ${bob.name} joined ${cellar}`);
      await ann.talks("still here");
      ann.send("/listen");
      await ann.talks("enough");
      await bob.talks("not heard either");
      await ann.seesNothing();
    },
  ),

  exercise(
    "13.3",
    "shows the last messages to a newcomer",
    async ({ join, unique }: World) => {
      const room = unique("attic");
      const ann = await join("ann");
      await ann.joins(room);
      for (const text of ["one", "two", "three", "four"]) await ann.talks(text);
      const bob = await join("bob");
      bob.send(`/join ${room}`);
      for (const text of ["two", "three", "four"]) await bob.sees(ann.says(text));
      await bob.sees(`${bob.name} joined ${room}`);
      await ann.talks("five");
      await bob.sees(ann.says("five"));
    },
  ),

  exercise(
    "13.3",
    "neither loses nor repeats a message at the end of the history",
    async ({ join, unique }: World) => {
      const room = unique("attic");
      const ann = await join("ann");
      await ann.joins(room);
      const bob = await join("bob");
      const texts = Array.from({ length: 200 }, (_, i) => `number ${i}`);
      ann.send(texts.join("\n"));
      while ((await ann.line()) !== ann.says("number 20")) {}
      // Bob joins while Ann's messages are being delivered.
      bob.send(`/join ${room}`);
      const first = await bob.line();
      const from = texts.findIndex((text) => ann.says(text) === first);
      if (from < 0) throw new Unmet("one of Ann's last messages", first);
      await bob.seesAll(texts.slice(from + 1, from + 3).map((text) => ann.says(text)));
      await bob.sees(`${bob.name} joined ${room}`);
      await bob.seesAll(texts.slice(from + 3).map((text) => ann.says(text)));
    },
  ),
];
