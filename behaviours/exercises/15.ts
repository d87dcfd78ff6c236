// The exercises of 15 · Empty rooms: main stays, a room's end is announced, and the server ends.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_15: readonly Exercise[] = [
  exercise("15.1", "keeps main when it is empty", async ({ join }: World) => {
    const ann = await join("ann");
    await ann.joins("attic");
    ann.send("/rooms");
    await ann.sees("Rooms - attic (1), main (0)");
    await ann.joins("cellar", "attic");
    ann.send("/rooms");
    await ann.sees("Rooms - cellar (1), main (0)");
    const bob = await join("bob");
    await ann.joins("main", "cellar");
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
  }),

  exercise(
    "15.2",
    "announces in main that a room is gone, and not earlier",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      const eve = await join("eve");
      await bob.joins("attic");
      await eve.joins("attic");
      bob.send("/quit");
      await bob.seesEnd();
      await ann.seesNothing();
      await eve.resets();
      await ann.sees("attic is gone");
      const dave = await join("dave");
      await dave.joins("cellar");
      await dave.joins("main", "cellar");
      await ann.sees("cellar is gone");
    },
  ),

  exercise(
    "15.3",
    "ends with its last user, and with code 0",
    async ({ join, serverEnds }: World) => {
      const ann = await join("ann");
      await ann.joins("attic");
      const bob = await join("bob");
      await ann.leaves();
      await bob.joins("attic");
      await bob.joins("main", "attic");
      await bob.talks("still here");
      await bob.leaves();
      const code = await serverEnds();
      if (code !== 0) throw new Unmet("code 0", `${code}`);
    },
  ),
];
