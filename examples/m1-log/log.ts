// A log in the memory of this process: entries in one order, the same for all readers.

/** The result of an append. */
interface Appended {
  /** The number of the entry, or of the one that came first. */
  readonly seq: number;
  /** False when the subject's last entry was not the expected one: nothing was appended. */
  readonly done: boolean;
}

/** Called once for each entry, in the order of their numbers. */
type Reader<Entry> = (seq: number, entry: Entry) => void;

/** A log of entries, of which it knows nothing but their subjects. */
export class Log<Entry> {
  readonly #subjectOf: (entry: Entry) => string;
  #seq = 0;
  /** The number of the last entry of each subject. */
  readonly #last = new Map<string, number>();
  /** Entries that were appended but not read yet. */
  #unread: [seq: number, entry: Entry][] = [];
  #reader: Reader<Entry> | undefined;

  constructor(subjectOf: (entry: Entry) => string) {
    this.#subjectOf = subjectOf;
  }

  /**
   * Appends an entry, which takes effect when it is read.
   *
   * @param expected The number of its subject's last entry, 0 for none. If the last entry
   *   is another one, nothing is appended (compare-and-set).
   */
  append(entry: Entry, expected?: number): Promise<Appended> {
    const subject = this.#subjectOf(entry);
    const last = this.#last.get(subject) ?? 0;
    if (expected !== undefined && expected !== last) {
      return Promise.resolve({ seq: last, done: false });
    }
    this.#seq += 1;
    this.#last.set(subject, this.#seq);
    // Not within this call, as with a log on another machine.
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
