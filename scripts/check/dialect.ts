// Which steps a server speaks like, judged by its greeting and one message.
import { type Behaviour, behaves } from "../../behaviours/behaviour.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { help } from "../../behaviours/wire.ts";
import type { World } from "../../behaviours/world.ts";
import type { Result } from "./result.ts";

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

/** How many lines of a greeting are read. The longest has eight. */
const GREETING_LINES = 20;

/** Its transcript is all that a client is greeted with. */
export const GREETING = behaves("greets", { from: "01-echo" }, async ({ connect }) => {
  const ann = await connect("ann");
  for (let line = 0; line < GREETING_LINES; line += 1) await ann.line();
});

/** Lines that no earlier step sends. */
const NEWS: readonly (readonly [step: number, line: RegExp])[] = [
  [5, /^Server commands$/],
  [9, /^You are \S+$/],
  [10, /^ {2}\/name /],
  [12, /^\S+ joined \S+$/],
  [13, /^ {2}\/join /],
  [14, /^ {2}\/rooms /],
  [16, /^ {2}\/users /],
  [17, /^You joined \S+$/],
];

interface Tried {
  /** The first step of the dialect; 0 when it was none. */
  readonly step: number;
  readonly result: Result;
}

/**
 * The dialect whose probe received most lines before it failed, among those that may be the
 * server's: none is earlier than a step that adds one of its lines. Undefined when nothing came.
 */
export function closestOf(tried: readonly Tried[]): Tried | undefined {
  const lines = tried.flatMap(({ result }) => received(result));
  const news = NEWS.filter(([, form]) => lines.some((line) => form.test(line)));
  const least = Math.max(1, ...news.map(([step]) => step));
  let closest: Tried | undefined;
  for (const one of tried) {
    const most = closest ? received(closest.result).length : 0;
    if (one.step >= least && received(one.result).length > most) closest = one;
  }
  return closest;
}

/** The lines that the clients received before the behaviour failed. */
function received({ outcome }: Result): string[] {
  return (outcome?.transcript ?? []).flatMap((line) => / ← (.*)/s.exec(line)?.[1] ?? []);
}
