// A log in the memory of this process: entries in one order, for all who read it.

/** What became of an append. */
interface Appended {
  /** The number of the entry, or of the one that was there before it. */
  readonly seq: number;
  /** False when the subject's last entry was another than expected: nothing was appended. */
  readonly done: boolean;
}

/** Reads an entry: each once, in the order of their numbers. */
type Reader<Entry> = (seq: number, entry: Entry) => void;

/** What the entries are is no matter of the log: each has a subject. */
export class Log<Entry> {
  readonly #subjectOf: (entry: Entry) => string;
  #seq = 0;
  /** The number of the last entry of each subject. */
  readonly #last = new Map<string, number>();
  /** What was appended and not read. */
  #unread: [seq: number, entry: Entry][] = [];
  #reader: Reader<Entry> | undefined;

  constructor(subjectOf: (entry: Entry) => string) {
    this.#subjectOf = subjectOf;
  }

  /**
   * Appends an entry, which takes effect when it is read.
   *
   * @param expected The number of the last entry of its subject, 0 for none: when there is
   * another by now, nothing is appended (compare-and-set).
   */
  append(entry: Entry, expected?: number): Promise<Appended> {
    const subject = this.#subjectOf(entry);
    const last = this.#last.get(subject) ?? 0;
    if (expected !== undefined && expected !== last) {
      return Promise.resolve({ seq: last, done: false });
    }
    this.#seq += 1;
    this.#last.set(subject, this.#seq);
    // Not within this call: with a log elsewhere it would not be either.
    if (this.#unread.length === 0) queueMicrotask(() => this.#read());
    this.#unread.push([this.#seq, entry]);
    return Promise.resolve({ seq: this.#seq, done: true });
  }

  /** Reads the log from now on. */
  follow(reader: Reader<Entry>): Promise<void> {
    this.#reader = reader;
    return Promise.resolve();
  }

  #read(): void {
    const unread = this.#unread;
    this.#unread = [];
    for (const [seq, entry] of unread) this.#reader?.(seq, entry);
  }
}
