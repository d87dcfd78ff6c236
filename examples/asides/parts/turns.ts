// Lets the event loop go round: a wait that is counted in turns, not in milliseconds.

/**
 * Waits until the loop has gone round `count` times. Unlike a timer it takes as many turns
 * on a busy machine as on an idle one, so that two tasks always meet in the same order.
 */
export async function turns(count = 1): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
