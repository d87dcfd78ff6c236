// The exercises of m1: what was said before one came.
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_M1: readonly Exercise[] = [
  exercise("m1.1", "shows a newcomer what was said last", async ({ join, unique }) => {
    const ann = await join("ann");
    const room = unique("attic");
    await ann.joins(room);
    for (let i = 1; i <= 12; i += 1) await ann.talks(`number ${i}`);
    const bob = await join("bob");
    await bob.joins(room);
    for (let i = 3; i <= 12; i += 1) await bob.sees(ann.says(`number ${i}`));
    await bob.seesNothing();
    await ann.sees(bob.says("fence 1"));
    // A room that was empty has no history.
    await bob.joins("main", room);
    await ann.joins("main", room);
    await ann.joins(room);
    await ann.seesNothing(true);
  }),
];
