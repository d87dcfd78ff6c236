// The exercises of 14 · Rooms: hidden rooms, natural sort order, and pages.
import { Unmet } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_14: readonly Exercise[] = [
  exercise(
    "14.1",
    "lists a room whose name begins with a dot only to its users",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      await bob.joins(".vault");
      ann.send("/rooms");
      await ann.sees("Rooms - main (1)");
      bob.send("/rooms");
      await bob.sees("Rooms - .vault (1), main (1)");
      await ann.joins(".vault");
      await bob.talks("it can be joined all the same");
      await ann.sees(bob.says("it can be joined all the same"));
    },
  ),

  exercise("14.2", "lists floor 9 before floor 10", async ({ join }: World) => {
    const ann = await join("ann");
    let from = "main";
    const rooms = ["floor10", "Attic", "floor9", "floor09", "loft01", "loft1", "zoo"];
    for (const room of rooms) {
      await ann.joins(room, from);
      from = room;
    }
    await ann.joins("main", from);
    ann.send("/rooms");
    // A zero in front comes first or last, but not at one floor so and at another so.
    const zeroFirst = "floor09 (0), floor9 (0), floor10 (0), loft01 (0), loft1 (0)";
    const zeroLast = "floor9 (0), floor09 (0), floor10 (0), loft1 (0), loft01 (0)";
    const lists = [zeroFirst, zeroLast].map(
      (list) => `Rooms - main (1), Attic (0), ${list}, zoo (0)`,
    );
    const line = await ann.line();
    if (!lists.includes(line)) throw new Unmet(lists.join(" or "), line);
  }),

  exercise(
    "14.3",
    "lists five rooms at a time, and no room twice",
    async ({ join }: World) => {
      const ann = await join("ann");
      const bob = await join("bob");
      for (const room of ["a", "b", "c", "d", "e", "f"]) await ann.joins(room);
      ann.send("/rooms");
      await ann.sees("Rooms - a (0), b (0), c (0), d (0), e (0), more: /rooms e");
      // If pages went by number, the second would now begin with a room of the first.
      await bob.joins("aa");
      ann.send("/rooms e");
      await ann.sees("Rooms - f (1), main (0)");
      ann.send("/rooms d");
      await ann.sees("Rooms - e (0), f (1), main (0)");
    },
  ),
];
