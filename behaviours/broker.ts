// The broker of a log, for exercises whose server shares one: what they may do to it.

export interface LogBroker {
  /** `HOST:PORT`, which the server gets as BROKER. */
  readonly address: string;
  /** How many entries have been appended to the log so far. */
  entries(): Promise<number>;
  /** It stands still: nothing is answered, and nobody is notified of that. */
  pauses(): void;
  goesOn(): void;
  /** Ends it, and removes what it has stored. */
  remove(): Promise<void>;
}
