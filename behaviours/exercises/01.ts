// The exercises of 01 · Echo.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_01: readonly Exercise[] = [
  exercise("1.1", "reports at the end how many bytes it received", async (world) => {
    const ann = await world.connect("ann");
    ann.send("naïve");
    await ann.sees("naïve");
    ann.send("a line that is longer than sixteen bytes");
    await ann.sees("a line that is longer than sixteen bytes");
    ann.finishes();
    await ann.sees("48 bytes");
    await ann.seesEnd();
  }),

  exercise(
    "1.2",
    "rotates letters by thirteen, and changes nothing else",
    async (world) => {
      const ann = await world.connect("ann");
      ann.send("Why did the chicken cross the road? @[`{ AMNZ amnz 013 é🦦");
      await ann.sees("Jul qvq gur puvpxra pebff gur ebnq? @[`{ NZAM nzam 013 é🦦");
      ann.send("Gb trg gb gur bgure fvqr!");
      await ann.sees("To get to the other side!");
    },
  ),

  exercise("1.3", "connects two clients with each other", async (world) => {
    const ann = await world.connect("ann");
    ann.send("is anybody there?");
    const bob = await world.connect("bob");
    await bob.sees("is anybody there?");
    ann.send("hello?");
    await bob.sees("hello?");
    bob.send("this is a line of more than sixteen bytes");
    await ann.sees("this is a line of more than sixteen bytes");
    // The two directions end independently.
    ann.finishes();
    await bob.seesEnd();
    bob.send("bye");
    bob.finishes();
    await ann.sees("bye");
    await ann.seesEnd();
    const code = await world.serverEnds();
    if (code !== 0) throw new Unmet("the server to end with code 0", `${code}`);
  }),
];
