// Races a promise that never settles, over and over. Each race adds a reaction to it, so
// memory grows. The same wait with select leaves nothing behind.
// Run it: just example promise-race-leak
// Page: docs/asides/select.md
import { select } from "../shared/select.ts";
import { growth } from "./parts/heap.ts";

const ROUNDS = 100_000;
const MEGABYTE = 1024 * 1024;

/** A client that never sends anything. */
const silent = new Promise<never>(() => {});

// #region race
async function race(rounds: number): Promise<void> {
  for (let n = 0; n < rounds; n += 1) await Promise.race([Promise.resolve(n), silent]);
}
// #endregion race

// #region select
async function* count(): AsyncGenerator<number, never> {
  for (let n = 0; ; n += 1) yield n;
}
async function* nothing(): AsyncGenerator<never, void> {
  yield await silent;
}
const sources = { peer: count(), user: nothing() };

async function selectBoth(rounds: number): Promise<void> {
  for (let n = 0; n < rounds; n += 1) await select(sources);
}
// #endregion select

// Warm-up: code and caches made at first use are not a leak.
await race(1_000);
await selectBoth(1_000);

const raced = await growth(() => race(ROUNDS));
const selected = await growth(() => selectBoth(ROUNDS));
const size = (bytes: number) =>
  bytes > 10 * MEGABYTE
    ? "more than 10 MB"
    : bytes < MEGABYTE
      ? "less than 1 MB"
      : "some MB";
console.log(`memory kept after ${ROUNDS.toLocaleString("en")} rounds`);
console.log(`  Promise.race: ${size(raced)}`);
console.log(`  select:       ${size(selected)}`);
// Exact figures differ from one Node to the next, so they are printed on request.
if (process.argv.includes("--exact")) {
  console.log(`  Promise.race: ${Math.round(raced / ROUNDS)} bytes a round`);
  console.log(`  select:       ${Math.round(selected / ROUNDS)} bytes a round`);
}
