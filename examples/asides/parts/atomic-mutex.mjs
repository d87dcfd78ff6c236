// A lock between threads, in one word of shared memory.
//
// The third mutex of Ulrich Drepper, "Futexes Are Tricky" (2011): Atomics.wait and
// Atomics.notify are what futex(2) is to C. The word holds
//
//   0  free      1  locked      2  locked, and a thread may be waiting
//
// @ts-check

/**
 * Waits for the lock and takes it. Blocks the thread: not for one with an event loop.
 *
 * @param {Int32Array} words A view of a SharedArrayBuffer.
 * @param {number} index Which of its words is the lock.
 */
export function lock(words, index) {
  if (Atomics.compareExchange(words, index, 0, 1) === 0) return;
  // Sleeps only if the word is still 2, so an unlock just before is not missed.
  while (Atomics.exchange(words, index, 2) !== 0) Atomics.wait(words, index, 2);
}

/**
 * Releases the lock. Makes a system call only when a thread may be waiting.
 *
 * @param {Int32Array} words
 * @param {number} index
 */
export function unlock(words, index) {
  if (Atomics.exchange(words, index, 0) === 2) Atomics.notify(words, index, 1);
}
