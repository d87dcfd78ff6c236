// Which steps a server speaks like, judged by its greeting and one message.
import { type Behaviour, behaves } from "../../behaviours/behaviour.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { help } from "../../behaviours/wire.ts";
import type { World } from "../../behaviours/world.ts";

/** The first step of each group of steps that send the same lines. */
const FIRSTS = [1, 3, 5, 9, 10, 12, 13, 14, 16, 17, 18];

export interface Dialect {
  /** The numbers of the first and the last step that speaks it. */
  readonly first: number;
  readonly last: number;
  /** Holds for a server of this dialect, and for none of a later dialect. */
  readonly probe: Behaviour;
}

/** In the order in which to try them, because one greeting may begin like another. */
export const DIALECTS: readonly Dialect[] = FIRSTS.map((first, at) => {
  const last = (FIRSTS[at + 1] ?? STEPS.length + 1) - 1;
  const from = STEPS[first - 1]?.slug ?? "";
  const probe = behaves(`speaks as step ${first} does`, { from }, speaks);
  return { first, last, probe };
});

async function speaks(world: World): Promise<void> {
  const { step } = world;
  if (step >= 5) {
    // In steps with names, `join` skips the help text.
    const ann = await world.connect("ann");
    await ann.seesAll(help(step));
    await ann.leaves();
  }
  const bob = await world.join("bob");
  await bob.talks("hello");
  // 18 differs from 17 only in what it rejects.
  if (step === 17) await bob.talks("x".repeat(401));
}
