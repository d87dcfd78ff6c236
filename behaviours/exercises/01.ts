// The exercises of 01 · Echo.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_01: readonly Exercise[] = [
  exercise("1.1", "reports at the end how many bytes it received", async (world) => {
    const alice = await world.connect("alice");
    alice.send("naïve");
    await alice.sees("naïve");
    alice.send("a line that is longer than sixteen bytes");
    await alice.sees("a line that is longer than sixteen bytes");
    alice.finishes();
    await alice.sees("48 bytes");
    await alice.seesEnd();
  }),

  exercise(
    "1.2",
    "rotates letters by thirteen, and changes nothing else",
    async (world) => {
      const alice = await world.connect("alice");
      alice.send("Why did the chicken cross the road? @[`{ AMNZ amnz 013 é🦦");
      await alice.sees("Jul qvq gur puvpxra pebff gur ebnq? @[`{ NZAM nzam 013 é🦦");
      alice.send("Gb trg gb gur bgure fvqr!");
      await alice.sees("To get to the other side!");
    },
  ),

  exercise("1.3", "connects two clients with each other", async (world) => {
    const alice = await world.connect("alice");
    alice.send("is anybody there?");
    const bob = await world.connect("bob");
    await bob.sees("is anybody there?");
    alice.send("hello?");
    await bob.sees("hello?");
    bob.send("this is a line of more than sixteen bytes");
    await alice.sees("this is a line of more than sixteen bytes");
    // Each direction ends by itself.
    alice.finishes();
    await bob.seesEnd();
    bob.send("bye");
    bob.finishes();
    await alice.sees("bye");
    await alice.seesEnd();
    const code = await world.serverEnds();
    if (code !== 0) throw new Unmet("the server to end with code 0", `${code}`);
  }),
];
