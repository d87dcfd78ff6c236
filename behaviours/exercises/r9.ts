// The exercises of r9 · Chat.
import { type Client, Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_R9: readonly Exercise[] = [
  exercise("r9.1", "says how much is under way", async (world) => {
    const ann = await world.join("ann");
    if ((await socketsBy(ann)) !== 3) throw new Unmet("sockets 3", "another number");
    await world.join("bob");
    if ((await socketsBy(ann)) !== 4) throw new Unmet("sockets 4", "another number");
  }),

  exercise("r9.2", "says goodbye to a line client that sends nothing", async (world) => {
    const bob = await world.join("bob");
    const ann = await world.connect("ann");
    const deadline = Date.now() + world.patience;
    // Bob came first, and stays, because he talks.
    while (ann.end === undefined) {
      if (Date.now() > deadline) throw new Unmet("ann to be disconnected", "she stays");
      await bob.talks("I have much to say");
    }
    await bob.talks("and more");
    const lines = await ann.seesEndSomeTime();
    if (lines.at(-1) !== "Nothing to say? Goodbye!") {
      throw new Unmet("a goodbye", `${lines.at(-1)}`);
    }
  }),

  exercise("r9.3", "says a line later, unless its user has left", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    bob.send("/in 0.1 I am here");
    await ann.sees(bob.says("I am here"));
    await bob.sees(bob.says("I am here"));
    bob.send("/in 0.2 I am gone");
    await bob.talks("bye");
    await ann.sees(bob.says("bye"));
    await bob.leaves();
    await ann.sees(`${bob.name} left`);
    // This is due after the line that must not come.
    ann.send("/in 0.3 and so it is");
    await ann.sees(ann.says("and so it is"));
    for (let count = 0; count < 11; count += 1) ann.send("/in 9999 never");
    await ann.sees("You already have 10 lines scheduled");
  }),
];

/** The number of sockets in the answer to `/counts`, which includes the two listeners. */
async function socketsBy(client: Client): Promise<number> {
  client.send("/counts");
  for (;;) {
    const line = await client.line();
    const [, sockets] = /^tasks [1-9]\d*, sockets (\d+), timers \d+$/.exec(line) ?? [];
    if (sockets !== undefined) return Number(sockets);
  }
}
