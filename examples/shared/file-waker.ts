// What wakes a thread that waits for the results of file workers: its poll, or a channel.
import { wakerFrom } from "./poll/readiness/pollers.ts";
import type { SharedWaker } from "./poll/readiness/waker.ts";
import { Channel, type ChannelMemory } from "./threads/channel.ts";

/** For the threads that wake it. */
export type SharedFileWaker = SharedWaker | ChannelMemory;

/** Wakes the thread that waits. */
export interface FileWaker {
  readonly shared: SharedFileWaker;
  wake(): void;
}

/** Returns a function that wakes the thread from another one. */
export function fileWakerFrom(shared: SharedFileWaker): () => void {
  if ("queue" in shared) {
    const channel = new Channel(shared);
    // When it is full, the other has something to look at already.
    return () => channel.trySend(0);
  }
  const poll = wakerFrom(shared);
  return () => poll.wake();
}
