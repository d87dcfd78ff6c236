// Two tasks move money out of one account, first without a lock and then with one.
// Run it: just example mutex
// Page: docs/asides/deadlocks.md
import { Mutex } from "./parts/mutex.ts";
import { turns } from "./parts/turns.ts";

/** A balance that takes a while to read and to write, like one in a database. */
class Account {
  #balance = 100;

  async read(): Promise<number> {
    await turns();
    return this.#balance;
  }

  async write(balance: number): Promise<void> {
    await turns();
    this.#balance = balance;
  }
}

// #region withdraw
async function withdraw(account: Account, amount: number): Promise<void> {
  const balance = await account.read();
  await account.write(balance - amount);
}
// #endregion withdraw

const open = new Account();
await Promise.all([withdraw(open, 30), withdraw(open, 50)]);
console.log(`without a lock: ${await open.read()} of 100 left, after 30 and 50 went`);

// #region locked
const guarded = new Account();
const mutex = new Mutex();
await Promise.all([
  mutex.run(() => withdraw(guarded, 30)),
  mutex.run(() => withdraw(guarded, 50)),
]);
// #endregion locked
console.log(`with a lock:    ${await guarded.read()} of 100 left, after 30 and 50 went`);
