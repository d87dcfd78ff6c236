// The exercises of 08 · Chat.
import type { Member } from "../member.ts";
import { help } from "../wire.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** What it has sent before was dealt with, and nothing is shown that should not be. */
async function getsHelp(user: Member): Promise<void> {
  user.send("/help");
  await user.seesAll(help(8));
}

export const EXERCISES_08: readonly Exercise[] = [
  exercise("8.1", "holds messages back from /hush to /hear", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    bob.send("/hush");
    await getsHelp(bob);
    await alice.talks("one");
    await alice.talks("two");
    await getsHelp(bob);
    bob.send("/hear");
    await bob.seesAll([alice.says("one"), alice.says("two")]);
    await alice.talks("three");
    await bob.sees(alice.says("three"));
  }),

  exercise(
    "8.2",
    "rings when an egg is boiled, and delivers messages meanwhile",
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      alice.send("/egg 0.1");
      await bob.talks("hello");
      const lines = new Set([await alice.line(), await alice.line()]);
      for (const line of [bob.says("hello"), "Your egg is ready"]) {
        if (!lines.has(line)) await alice.sees(line);
      }
      await bob.seesNothing();
      await alice.sees(bob.says("fence 1"));
      // The first two are stopped: it rings once.
      alice.sendBytes("/egg 0.05\n/egg\n/egg 0.05\n/egg 0.1\n");
      await alice.sees("Your egg is ready");
      await alice.seesNothing();
    },
  ),

  exercise("8.3", "reads from a client that does not read", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    alice.pauses();
    await bob.floods(12_000_000);
    alice.send("I am still here");
    await bob.sees(alice.says("I am still here"));
    // Nothing of what is on its way is lost when both of its tasks end.
    const carol = await world.join("carol");
    carol.sendBytes("one\ntwo\n/quit\n");
    await carol.sees(carol.says("one"));
    await carol.sees(carol.says("two"));
    await carol.seesEnd();
  }),
];
