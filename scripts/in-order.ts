// Works on several items at a time, and handles the results in the order of the items.

/**
 * Calls `work` for all items, at most `width` at a time, and `done` with each result in order.
 *
 * @param done Returns true to stop: no further work begins, and it is not called again.
 * @throws The error of the first call that fails. Calls in progress continue.
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
  // biome-ignore lint/suspicious/noConfusingVoidType: most callers want all of them
  done: (result: Result) => boolean | void = () => {},
): Promise<void> {
  const results = new Map<number, Result>();
  const queue = items.entries();
  let first = 0;
  let enough = false;
  // All workers take from one iterator: each item goes to exactly one of them.
  const worker = async () => {
    for (const [index, item] of queue) {
      results.set(index, await work(item));
      for (; results.has(first) && !enough; first += 1) {
        enough = done(results.get(first) as Result) === true;
        results.delete(first);
      }
      if (enough) return;
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
