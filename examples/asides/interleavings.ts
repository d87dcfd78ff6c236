// A message to a thread that may sleep, in all orders in which two threads can run: done
// right, and four ways in which it goes wrong.
// Run it: just example interleavings
// Page: docs/asides/threads.md
import { newParking, Parker, type Parking, unpark } from "../shared/threads/parker.ts";
import {
  newRing,
  type RingMemory,
  RingReceiver,
  RingSender,
} from "../shared/threads/ring.ts";
import { interleave, type Report } from "./parts/interleavings.ts";

interface Memory {
  readonly ring: RingMemory;
  readonly parking: Parking;
}
const RECEIVER = 0;

// #region right
function send({ ring, parking }: Memory) {
  const sender = new RingSender(ring);
  return () => {
    sender.trySend(7);
    unpark(parking, RECEIVER);
  };
}

function receive({ ring, parking }: Memory) {
  const receiver = new RingReceiver(ring);
  const parker = new Parker(parking, RECEIVER);
  return () => {
    for (;;) {
      const value = receiver.tryRecv();
      if (value !== undefined) return value;
      parker.prepare(); // from here on an unpark wakes us
      if (receiver.length > 0) parker.cancel();
      else parker.park();
    }
  };
}
// #endregion right

// #region wrong
function wakeFirst({ ring, parking }: Memory) {
  const sender = new RingSender(ring);
  return () => {
    unpark(parking, RECEIVER);
    sender.trySend(7);
  };
}

function lookOnce({ ring, parking }: Memory) {
  const receiver = new RingReceiver(ring);
  const parker = new Parker(parking, RECEIVER);
  return () => {
    for (;;) {
      const value = receiver.tryRecv();
      if (value !== undefined) return value;
      parker.prepare();
      parker.park();
    }
  };
}

function markPlainly({ ring, parking }: Memory) {
  const receiver = new RingReceiver(ring);
  const parker = new Parker(parking, RECEIVER);
  return () => {
    for (;;) {
      const value = receiver.tryRecv();
      if (value !== undefined) return value;
      parking[RECEIVER] = 1; // instead of Atomics.store
      if (receiver.length > 0) parker.cancel();
      else parker.park();
    }
  };
}

function tailFirst({ ring, parking }: Memory) {
  return () => {
    Atomics.store(ring.ends, 16, 1);
    ring.slots[0] = 7;
    unpark(parking, RECEIVER);
  };
}
// #endregion wrong

function tryAll(sender: typeof send, receiver: typeof receive): Report {
  // One word is enough, because only the receiver sleeps.
  const parking = newParking().subarray(0, 1) as Parking;
  return interleave({
    memory: { ring: newRing(1), parking },
    threads: { sender, receiver },
    check: (results) =>
      results["receiver"] === 7 ? undefined : `receives ${results["receiver"]}`,
  });
}

function print(name: string, { orders, failure }: Report): void {
  const text = failure?.what ?? `${orders?.toLocaleString("en")} orders, all go well`;
  console.log(`  ${name.padEnd(34)}${text}`);
}

console.log("One value, to a thread that may sleep");
print("as it should be", tryAll(send, receive));
print("wakes before it sends", tryAll(wakeFirst, receive));
const unseen = tryAll(send, lookOnce);
print("does not look again", unseen);
print("says so by a plain write", tryAll(send, markPlainly));
print("moves the tail before it writes", tryAll(tailFirst, receive));
console.log("How it goes wrong when the receiver does not look again");
for (const step of unseen.failure?.trail ?? []) console.log(`  ${step}`);
