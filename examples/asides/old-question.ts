// Replaces the inbox that a loop listens to, while the loop still waits for the old one.
// Run it: just example old-question
// Page: docs/13-join.md
import { Broadcast } from "../shared/broadcast.ts";
import { select } from "../shared/select.ts";
import { turns } from "./parts/turns.ts";

interface House {
  readonly lines: AsyncGenerator<string, void>;
  readonly kitchen: Broadcast<string>;
  readonly attic: Broadcast<string>;
  /** Whether a user who moves closes the old inbox. */
  readonly closes: boolean;
}
/** Adds to `read` what the user gets. @returns The source whose end has ended the loop. */
type Listen = (house: House, read: string[]) => Promise<string>;

// #region race
const raceThem: Listen = async ({ lines, kitchen, attic, closes }, read) => {
  let inbox = kitchen.subscribe();
  let [user, peer] = [lines.next(), inbox.next()];
  for (;;) {
    const event = await Promise.race([
      user.then((result) => ({ ...result, from: "user" })),
      peer.then((result) => ({ ...result, from: "peer" })),
    ]);
    if (event.done) return event.from;
    if (event.from === "user") user = lines.next();
    else peer = inbox.next();
    if (event.from === "peer") read.push(event.value);
    if (event.value === "/join attic") {
      if (closes) inbox.close();
      inbox = attic.subscribe();
      // But `peer` is still the kitchen's pending `next`.
    }
  }
};
// #endregion race

const selectThem: Listen = async ({ lines, kitchen, attic, closes }, read) => {
  let inbox = kitchen.subscribe();
  for (;;) {
    const event = await select({ user: lines, peer: inbox });
    if (event.done) return event.from;
    if (event.from === "peer") read.push(event.value);
    if (event.value === "/join attic") {
      if (closes) inbox.close();
      inbox = attic.subscribe();
    }
  }
};

/** Goes to the attic, listens for a while, and leaves. */
async function* type(): AsyncGenerator<string, void> {
  yield "/join attic";
  await turns(9);
}

async function play(listen: Listen, closes: boolean): Promise<string> {
  const [kitchen, attic] = [new Broadcast<string>(32), new Broadcast<string>(32)];
  const read: string[] = [];
  const visit = listen({ lines: type(), kitchen, attic, closes }, read);
  await turns(3);
  kitchen.send("soup");
  attic.send("boo");
  return (await visit) === "peer" ? "is thrown out" : `reads ${read.join(", ")}`;
}

console.log("soup in the kitchen, boo in the attic");
console.log(`  race, close     ${await play(raceThem, true)}`);
console.log(`  race, no close  ${await play(raceThem, false)}`);
console.log(`  select, close   ${await play(selectThem, true)}`);
