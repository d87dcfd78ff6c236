// A queue with one reader: the door of an actor.

/** Messages go in at once and come out in the same order, through `for await`. */
export class Mailbox<Message> implements AsyncIterable<Message> {
  readonly #messages: Message[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  /** Puts a message in. It has no limit: sending faster than is read fills memory. */
  send(message: Message): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  /** Ends the reader's loop, once it has read what is there. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    for (;;) {
      while (this.#messages.length > 0) yield this.#messages.shift() as Message;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
