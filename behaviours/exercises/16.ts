// The exercises of 16: users elsewhere, the eldest, and a word in private.
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_16: readonly Exercise[] = [
  exercise(
    "16.1",
    "lists the users of another room, and creates no room by that",
    async ({ join }: World) => {
      const alice = await join("alice");
      const bob = await join("bob");
      await bob.joins("attic");
      alice.send("/users attic");
      await alice.sees(`Users - ${bob.name}`);
      alice.send("/users cellar");
      await alice.sees("There is no room cellar");
      alice.send("/users");
      await alice.sees(`Users - ${alice.name}`);
      alice.send("/rooms");
      await alice.sees("Rooms - attic (1), main (1)");
    },
  ),

  exercise(
    "16.2",
    "marks the user who has been in the room longest, even after a rename",
    async ({ join }: World) => {
      const alice = await join("alice");
      const bob = await join("bob");
      await alice.joins("attic");
      await bob.joins("attic");
      await bob.renames("Bob");
      await alice.sees(/ is now Bob$/);
      await alice.renames("Ann");
      alice.send("/users");
      await alice.sees("Users - @Ann, Bob");
      await alice.joins("main", "attic");
      bob.send("/users");
      await bob.sees(/ is now Ann$/);
      await bob.sees("Users - @Bob");
      await alice.joins("attic");
      alice.send("/users");
      await alice.sees("Users - Ann, @Bob");
    },
  ),

  exercise(
    "16.3",
    "delivers a whisper to one user in any room",
    async ({ join }: World) => {
      const alice = await join("alice");
      const bob = await join("bob");
      const carol = await join("carol");
      await bob.joins("attic");
      await bob.renames("m");
      alice.send("/msg m a secret, of  five words");
      await bob.sees(`${alice.name} to you: a secret, of  five words`);
      await alice.sees("you to m: a secret, of  five words");
      alice.send("/msg Nemo hello");
      await alice.sees("Nobody is called Nemo");
      await bob.leaves();
      for (;;) {
        alice.send("/msg m are you there?");
        if ((await alice.line()) === "Nobody is called m") break;
      }
      await carol.seesNothing();
    },
  ),

  exercise("16.3", "disconnects nobody because of whispers", async ({ join }: World) => {
    const alice = await join("alice");
    const bob = await join("bob");
    const texts = Array.from({ length: 500 }, (_, i) => `number ${i}`);
    alice.send(texts.map((text) => `/msg ${bob.name} ${text}`).join("\n"));
    await bob.seesAll(texts.map((text) => `${alice.name} to you: ${text}`));
  }),
];
