// Lets the event loop turn: a wait that is counted in turns, not in milliseconds.

/**
 * Waits for `count` turns of the event loop. Unlike a timer, it takes as many turns on a
 * busy machine as on an idle one, so that two tasks always meet in the same order.
 */
export async function turns(count = 1): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
