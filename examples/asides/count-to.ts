// Races a count to 3 against a count to 10. The loser counts on, because nothing cancels
// it. With an AbortSignal it stops, because its sleep checks the signal.
// Run it: just example count-to
// Page: docs/asides/select.md
import { setTimeout as sleep } from "node:timers/promises";

// #region count
async function countTo(last: number, signal?: AbortSignal): Promise<string> {
  for (let n = 1; n <= last; n += 1) {
    console.log(`  to ${last}: ${n}`);
    // Without a signal nothing can stop it. With one, the sleep throws.
    await sleep(10, undefined, { signal });
  }
  return `the count to ${last} has won`;
}
// #endregion count

console.log("Promise.race:");
// #region race
const counts = [countTo(3), countTo(10)];
console.log(`  ${await Promise.race(counts)}`);
// #endregion race
await Promise.all(counts);

console.log("Promise.race, and the loser is cancelled:");
// #region abort
const loser = new AbortController();
const short = countTo(3, loser.signal);
const long = countTo(10, loser.signal);
console.log(`  ${await Promise.race([short, long])}`);
loser.abort();
// It stops with an error, so its promise is rejected, which has to be handled.
const [, stopped] = await Promise.allSettled([short, long]);
if (stopped.status === "rejected") console.log(`  to 10: ${stopped.reason.name}`);
// #endregion abort
