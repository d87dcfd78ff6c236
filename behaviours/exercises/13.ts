// The exercises of 13: the way back, an ear in the next room, and what was said before.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_13: readonly Exercise[] = [
  exercise(
    "13.1",
    "returns to the previous room on /join -",
    async ({ join, unique }: World) => {
      const alice = await join("alice");
      const room = unique("attic");
      alice.send("/join -");
      await alice.sees("You are in main");
      await alice.joins(room);
      alice.send("/join -");
      await alice.sees(`${alice.name} joined main`);
      alice.send("/join -");
      await alice.sees(`${alice.name} joined ${room}`);
    },
  ),

  exercise(
    "13.2",
    "receives a second room's messages, and sends to its own only",
    async ({ join, unique }: World) => {
      const [attic, cellar] = [unique("attic"), unique("cellar")];
      const alice = await join("alice");
      const bob = await join("bob");
      await bob.joins(attic);
      alice.send(`/listen ${attic}`);
      await alice.talks("nobody up there hears this");
      await bob.talks("nobody knows that you listen");
      await alice.sees(`[${attic}] ${bob.says("nobody knows that you listen")}`);
      // The ear is replaced: what is said in the attic is not heard any more.
      alice.send(`/listen ${cellar}`);
      await alice.talks("now the cellar");
      await bob.talks("not heard");
      await bob.joins(cellar, attic);
      await alice.sees(`[${cellar}] ${bob.name} joined ${cellar}`);
      await alice.talks("still here");
      alice.send("/listen");
      await alice.talks("enough");
      await bob.talks("not heard either");
      await alice.seesNothing();
    },
  ),

  exercise(
    "13.3",
    "shows the last messages to a newcomer",
    async ({ join, unique }: World) => {
      const room = unique("attic");
      const alice = await join("alice");
      await alice.joins(room);
      for (const text of ["one", "two", "three", "four"]) await alice.talks(text);
      const bob = await join("bob");
      bob.send(`/join ${room}`);
      for (const text of ["two", "three", "four"]) await bob.sees(alice.says(text));
      await bob.sees(`${bob.name} joined ${room}`);
      await alice.talks("five");
      await bob.sees(alice.says("five"));
    },
  ),

  exercise(
    "13.3",
    "neither loses nor repeats a message at the end of the history",
    async ({ join, unique }: World) => {
      const room = unique("attic");
      const alice = await join("alice");
      await alice.joins(room);
      const bob = await join("bob");
      const texts = Array.from({ length: 200 }, (_, i) => `number ${i}`);
      alice.send(texts.join("\n"));
      while ((await alice.line()) !== alice.says("number 20")) {}
      // Alice is in the middle of it.
      bob.send(`/join ${room}`);
      const first = await bob.line();
      const from = texts.findIndex((text) => alice.says(text) === first);
      if (from < 0) throw new Unmet("what Alice said last", first);
      await bob.seesAll(texts.slice(from + 1, from + 3).map((text) => alice.says(text)));
      await bob.sees(`${bob.name} joined ${room}`);
      await bob.seesAll(texts.slice(from + 3).map((text) => alice.says(text)));
    },
  ),
];
