// Replaces the inbox that a loop listens to, while the loop still waits for the old one.
// Run it: just example old-question
// Page: docs/13-join.md
import { Broadcast, type Receiver } from "../shared/broadcast.ts";
import { select } from "../shared/select.ts";
import { turns } from "./parts/turns.ts";

/** What a user reads, and whose end has ended the loop. */
interface Visit {
  readonly read: string[];
  readonly ended: string;
}
type Listen = (lines: AsyncGenerator<string, void>, rooms: Rooms) => Promise<Visit>;

class Rooms {
  readonly kitchen = new Broadcast<string>(32);
  readonly attic = new Broadcast<string>(32);
  readonly #closes: boolean;

  constructor(closes: boolean) {
    this.#closes = closes;
  }

  /** From the kitchen to the attic. */
  move(inbox: Receiver<string>): Receiver<string> {
    if (this.#closes) inbox.close();
    return this.attic.subscribe();
  }
}

// #region race
const raceThem: Listen = async (lines, rooms) => {
  const read: string[] = [];
  let inbox = rooms.kitchen.subscribe();
  let [user, peer] = [lines.next(), inbox.next()];
  for (;;) {
    const event = await Promise.race([
      user.then((result) => ({ ...result, from: "user" })),
      peer.then((result) => ({ ...result, from: "peer" })),
    ]);
    if (event.done) return { read, ended: event.from };
    if (event.from === "user") user = lines.next();
    else peer = inbox.next();
    if (event.from === "peer") read.push(event.value);
    // And `peer` is still the question that we put to the kitchen.
    if (event.value === "/join attic") inbox = rooms.move(inbox);
  }
};
// #endregion race

const selectThem: Listen = async (lines, rooms) => {
  const read: string[] = [];
  let inbox = rooms.kitchen.subscribe();
  for (;;) {
    const event = await select({ user: lines, peer: inbox });
    if (event.done) return { read, ended: event.from };
    if (event.from === "peer") read.push(event.value);
    if (event.value === "/join attic") inbox = rooms.move(inbox);
  }
};

/** Goes to the attic, listens for a while, and leaves. */
async function* type(): AsyncGenerator<string, void> {
  yield "/join attic";
  await turns(9);
}

async function play(listen: Listen, closes: boolean): Promise<string> {
  const rooms = new Rooms(closes);
  const visit = listen(type(), rooms);
  await turns(3);
  rooms.kitchen.send("soup");
  rooms.attic.send("boo");
  const { read, ended } = await visit;
  return `reads ${read.join(", ") || "nothing"}; the ${ended === "peer" ? "inbox" : ended} ends it`;
}

console.log("soup is said in the kitchen, boo in the attic");
console.log(`  Promise.race, close:    ${await play(raceThem, true)}`);
console.log(`  Promise.race, no close: ${await play(raceThem, false)}`);
console.log(`  select, close:          ${await play(selectThem, true)}`);
