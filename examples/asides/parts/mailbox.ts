// A queue with one reader: the inbox of an actor.

/** Takes messages at once, and yields them in the same order through `for await`. */
export class Mailbox<Message> implements AsyncIterable<Message> {
  readonly #messages: Message[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  /** Adds a message. There is no limit, so sending faster than reading fills memory. */
  send(message: Message): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  /** Ends the reader's loop, once it has read all messages. */
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
