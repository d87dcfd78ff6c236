// How many users it takes until two have the same name, if each draws one of 150,000 at
// random: by the formula, and by simulation.
// Run it: just example birthday
// Page: docs/asides/birthday.md
import { ADJECTIVES, ANIMALS } from "../shared/words.ts";

const NAMES = ADJECTIVES.length * ANIMALS.length;
const TRIALS = 10_000;

// #region exact
/** The probability, from 0 to 1, that at least two of `draws` draws are the same. */
function collision(draws: number): number {
  let allDiffer = 1;
  for (let taken = 0; taken < draws; taken += 1) allDiffer *= (NAMES - taken) / NAMES;
  return 1 - allDiffer;
}
// #endregion exact

// #region simulated
/** Random integers from 0 to `limit` - 1, the same in each run: xorshift32 (Marsaglia). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}

/** How many names are drawn until one is drawn for the second time. */
function drawsUntilCollision(random: (limit: number) => number): number {
  const drawn = new Set<number>();
  for (;;) {
    const name = random(NAMES);
    if (drawn.has(name)) return drawn.size + 1;
    drawn.add(name);
  }
}
// #endregion simulated

const random = randomFrom(42_069);
const trials = Array.from({ length: TRIALS }, () => drawsUntilCollision(random));
const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(7);

console.log(`${NAMES.toLocaleString("en")} names; two users with the same one`);
console.log("users   exact   in 10,000 trials");
for (const draws of [23, 100, 200, 456, 460, 1_000, 2_000]) {
  const tried = trials.filter((needed) => needed <= draws).length / TRIALS;
  console.log(
    `${String(draws).padStart(5)} ${percent(collision(draws))} ${percent(tried)}`,
  );
}

let half = 0;
while (collision(half) < 0.5) half += 1;
console.log(`more likely than not from ${half} users on`);
