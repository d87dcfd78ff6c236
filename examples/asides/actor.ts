// The race for a name again, without a lock: one task owns the names, the others send it
// messages. It handles them one at a time, so it may await while it handles one.
// Run it: just example actor
// Page: docs/asides/deadlocks.md
import { Mailbox } from "./parts/mailbox.ts";
import { turns } from "./parts/turns.ts";

// #region messages
type Message =
  | { kind: "take"; name: string; reply: (taken: boolean) => void }
  | { kind: "free"; name: string };
// #endregion messages

// #region actor
/** The task that owns the names. No other has access to the set. */
async function keepNames(mailbox: Mailbox<Message>): Promise<void> {
  const taken = new Set<string>();
  for await (const message of mailbox) {
    switch (message.kind) {
      case "take": {
        const free = !taken.has(message.name);
        await turns(); // the next message waits in the mailbox
        if (free) taken.add(message.name);
        message.reply(free);
        break;
      }
      case "free":
        taken.delete(message.name);
        break;
      default:
        message satisfies never;
    }
  }
}
// #endregion actor

// #region ask
const mailbox = new Mailbox<Message>();
const keeper = keepNames(mailbox);

/** A request is a message that carries its reply function. */
function take(name: string): Promise<boolean> {
  return new Promise((reply) => mailbox.send({ kind: "take", name, reply }));
}
// #endregion ask

const [ann, bob] = await Promise.all([take("Otter"), take("Otter")]);
console.log(`Ann takes Otter: ${ann}`);
console.log(`Bob takes Otter: ${bob}`);
mailbox.send({ kind: "free", name: "Otter" });
console.log(`Ann gives it back, and Bob takes Otter: ${await take("Otter")}`);
mailbox.close();
await keeper;
