// An async function starts when it is called, awaited or not. To start only when the result
// is wanted, pass a function to be called later, or a thenable.
// Run it: just example eager
// Page: docs/asides/promises.md

async function greet(name: string): Promise<string> {
  console.log(`  ${name}: starts`);
  await null;
  console.log(`  ${name}: goes on`);
  return name;
}

console.log("an async function");
// #region eager
const promise = greet("Ann");
console.log("  it was called, nobody awaits it yet");
await promise;
// #endregion eager

console.log("a function that calls it");
// #region thunk
const task = () => greet("Bob");
console.log("  it was made, nothing was called yet");
await task();
// #endregion thunk

console.log("a thenable");
// #region lazy
/** Runs its work each time it is awaited. */
class Lazy<T> implements PromiseLike<T> {
  readonly #work: () => Promise<T>;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is what makes `await` start it.
  then: PromiseLike<T>["then"] = (resolved, rejected) =>
    this.#work().then(resolved, rejected);
}

const lazy = new Lazy(() => greet("Eve"));
console.log("  it was made, nobody awaits it yet");
await lazy;
// #endregion lazy
