// The exercises of 16 · Users: users of other rooms, the longest-standing user, and whispers.
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_16: readonly Exercise[] = [
  exercise(
    "16.1",
    "lists the users of another room, and creates no room by that",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      await bob.joins("attic");
      ann.send("/users attic");
      await ann.sees(`Users - ${bob.name}`);
      ann.send("/users cellar");
      await ann.sees("There is no room cellar");
      ann.send("/users");
      await ann.sees(`Users - ${ann.name}`);
      ann.send("/rooms");
      await ann.sees("Rooms - attic (1), main (1)");
    },
  ),

  exercise(
    "16.2",
    "marks the user who has been in the room longest, even after a rename",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      await ann.joins("attic");
      await bob.joins("attic");
      await bob.renames("Bob");
      await ann.sees(/ is now Bob$/);
      await ann.renames("Ann");
      ann.send("/users");
      await ann.sees("Users - @Ann, Bob");
      await ann.joins("main", "attic");
      bob.send("/users");
      await bob.sees(/ is now Ann$/);
      await bob.sees("Users - @Bob");
      await ann.joins("attic");
      ann.send("/users");
      await ann.sees("Users - Ann, @Bob");
    },
  ),

  exercise(
    "16.3",
    "delivers a whisper to one user in any room",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      const eve = await join("eve");
      await bob.joins("attic");
      await bob.renames("m");
      ann.send("/msg m a secret, of  five words");
      await bob.sees(`${ann.name} to you: a secret, of  five words`);
      await ann.sees("you to m: a secret, of  five words");
      ann.send("/msg Nemo hello");
      await ann.sees("Nobody is called Nemo");
      await bob.leaves();
      for (;;) {
        ann.send("/msg m are you there?");
        if ((await ann.line()) === "Nobody is called m") break;
      }
      await eve.seesNothing();
    },
  ),

  exercise("16.3", "disconnects nobody because of whispers", async ({ join }: World) => {
    const ann = await join("ann");
    const bob = await join("bob");
    const texts = Array.from({ length: 500 }, (_, i) => `number ${i}`);
    ann.send(texts.map((text) => `/msg ${bob.name} ${text}`).join("\n"));
    await bob.seesAll(texts.map((text) => `${ann.name} to you: ${text}`));
  }),
];
