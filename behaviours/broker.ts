// The broker of a log, for exercises whose servers share one: what an exercise can do to it.

export interface LogBroker {
  /** `HOST:PORT`, which the server gets in the environment variable BROKER. */
  readonly address: string;
  /** How many entries have been appended to the log so far. */
  entries(): Promise<number>;
  /** Suspends the broker: it answers nothing, and its connections stay open. */
  pauses(): void;
  goesOn(): void;
  /** Ends the broker, and removes its stored data. */
  remove(): Promise<void>;
}
