// The exercises of 08 · Chat.
import type { Member } from "../member.ts";
import { help } from "../wire.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** Checks that its earlier commands were handled, and that no message is delivered to it. */
async function getsHelp(user: Member): Promise<void> {
  user.send("/help");
  await user.seesAll(help(8));
}

export const EXERCISES_08: readonly Exercise[] = [
  exercise("8.1", "holds messages back from /hush to /hear", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    bob.send("/hush");
    await getsHelp(bob);
    await ann.talks("one");
    await ann.talks("two");
    await getsHelp(bob);
    bob.send("/hear");
    await bob.seesAll([ann.says("one"), ann.says("two")]);
    await ann.talks("three");
    await bob.sees(ann.says("three"));
  }),

  exercise(
    "8.2",
    "rings when an egg is boiled, and delivers messages meanwhile",
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.send("/egg 0.1");
      await bob.talks("hello");
      const lines = new Set([await ann.line(), await ann.line()]);
      for (const line of [bob.says("hello"), "Your egg is ready"]) {
        if (!lines.has(line)) await ann.sees(line);
      }
      await bob.seesNothing();
      await ann.sees(bob.says("fence 1"));
      // The first two are cancelled, so it rings once.
      ann.sendBytes("/egg 0.05\n/egg\n/egg 0.05\n/egg 0.1\n");
      await ann.sees("Your egg is ready");
      await ann.seesNothing();
    },
  ),

  exercise("8.3", "reads from a client that does not read", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.pauses();
    await bob.floods(12_000_000);
    ann.send("I am still here");
    await bob.sees(ann.says("I am still here"));
    // No message in flight is lost when both of its tasks end.
    const eve = await world.join("eve");
    eve.sendBytes("one\ntwo\n/quit\n");
    await eve.sees(eve.says("one"));
    await eve.sees(eve.says("two"));
    await eve.seesEnd();
  }),
];
