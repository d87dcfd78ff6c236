// A few at a time: tasks in lanes, as at the tills of a shop.

/**
 * Does `task` with all items in their order, some at the same time, until one of them
 * returns false.
 *
 * @param width How many at the same time: 1 or more.
 * @throws What the first failing task throws, once those under way have ended too.
 */
export async function inLanes<T>(
  width: number,
  items: readonly T[],
  task: (item: T) => Promise<boolean>,
): Promise<void> {
  const rest = items.values();
  let goesOn = true;
  const lane = async () => {
    // All lanes take from one iterator: each item is taken once.
    while (goesOn) {
      const item = rest.next();
      if (item.done) return;
      try {
        goesOn = (await task(item.value)) && goesOn;
      } catch (error) {
        goesOn = false;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: width }, lane));
  for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
}
