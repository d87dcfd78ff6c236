// Waits for two sources in a loop: with Promise.race, which loses the slower one's values,
// and with select, which loses nothing.
// Run it: just example promise-race
// Page: docs/asides/select.md
import { select } from "../shared/select.ts";
import { turns } from "./parts/turns.ts";

/** Yields six values, one each `every` turns of the event loop, and logs them in `said`. */
async function* speak(who: string, every: number, said: string[]) {
  for (let n = 1; n <= 6; n += 1) {
    await turns(every);
    said.push(`${who}${n}`);
    yield `${who}${n}`;
  }
}

// #region race
async function raceThem(said: string[]): Promise<string[]> {
  const heard: string[] = [];
  const user = speak("user", 2, said);
  const peer = speak("peer", 5, said);
  for (;;) {
    // Wrong: each round asks both for their next value, and uses only one of the two.
    const { value, done } = await Promise.race([user.next(), peer.next()]);
    if (done) return heard;
    heard.push(value);
  }
}
// #endregion race

// #region select
async function selectThem(said: string[]): Promise<string[]> {
  const heard: string[] = [];
  const sources = { user: speak("user", 2, said), peer: speak("peer", 5, said) };
  for (;;) {
    const event = await select(sources);
    if (event.done) return heard;
    heard.push(event.value);
  }
}
// #endregion select

for (const [name, listen] of [
  ["Promise.race", raceThem],
  ["select", selectThem],
] as const) {
  const said: string[] = [];
  const heard = await listen(said);
  console.log(`${name}: said  ${said.join(" ")}`);
  console.log(`${" ".repeat(name.length)}  heard ${heard.join(" ")}`);
}
