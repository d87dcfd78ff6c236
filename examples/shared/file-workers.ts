// Threads that open and read files, while the server goes on with its sockets. Each result
// wakes the poll in which the server waits.
import { writeSync } from "node:fs";
import { failure } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import { FileThread } from "./file-thread.ts";
import type { FileResult, FileWorkerData, NumberedResult } from "./file-worker.ts";
import type { OpenFilesMemory } from "./open-files.ts";

const STDERR = 2;

/** What wakes the thread that waits for results. */
interface FileWaker {
  /** Passed to the threads. */
  readonly shared: FileWorkerData["waker"];
  wake(): void;
}

/**
 * A pool of file threads, which knows the thread and the reader of each file. A reader is
 * whatever the caller wants the results for; it has one file at a time. A file stays with the
 * thread that opened it, because Node closes a thread's files when the thread ends.
 *
 * ```text
 *   server   open(ann) ───── 7 ───────► file worker    open, fstat, read
 *            … other connections …                     │
 *            poll ends: take() ◄─ 7, bytes ─ wake() ───┘   handed over, not copied
 * ```
 *
 * A result may arrive long after its reader has left. So each file has a number that is never
 * used again; a token would be, after 2,048 others.
 */
export class FileWorkers<Reader> {
  readonly #data: Omit<FileWorkerData, "results">;
  readonly #waker: FileWaker;
  readonly #died: (line: string) => void;
  readonly #threads: (FileThread | undefined)[];
  /** Results for the jobs of threads that have died. */
  readonly #own: NumberedResult[] = [];
  /** The numbers of the files that are open or being opened, and their readers. */
  readonly #numbers = new Map<Reader, number>();
  readonly #readers = new Map<number, Reader>();
  #last = 0;
  #isEnding = false;

  /**
   * @param root The folder of the files.
   * @param count The most threads. Each is started when there is a job for it.
   * @param waker Of a poll or a channel. After its event, call `take` until it is empty.
   * @param more `died` gets a line when a thread has died; by default stderr does. `openFiles`
   *   is where the threads keep small files open; without it they keep none.
   */
  constructor(
    root: string,
    count: number,
    waker: FileWaker,
    more: { died?: (line: string) => void; openFiles?: OpenFilesMemory } = {},
  ) {
    this.#data = { root, waker: waker.shared, openFiles: more.openFiles };
    this.#waker = waker;
    this.#died = more.died ?? printError;
    this.#threads = Array.from({ length: count }, () => undefined);
  }

  /** Requests the head and the first piece of an answer. */
  open(reader: Reader, request: FileRequest): void {
    this.#last += 1;
    this.#numbers.set(reader, this.#last);
    this.#readers.set(this.#last, reader);
    this.#leastBusy().open(this.#last, request);
  }

  /**
   * Requests the next piece.
   *
   * @param into Memory to reuse: the previous piece, once it has been sent.
   */
  read(reader: Reader, into?: Uint8Array<ArrayBuffer>): void {
    const id = this.#numbers.get(reader);
    if (id === undefined) return;
    const thread = this.#threadOf(id);
    if (thread) thread.read(id, into);
    else this.#give({ id, bytes: undefined, more: false });
  }

  /** Closes a reader's file, if any, even while it is being opened or read. */
  close(reader: Reader): void {
    const id = this.#numbers.get(reader);
    if (id === undefined) return;
    this.#forget(id, reader);
    this.#threadOf(id)?.close(id);
  }

  /** The next result, if any, with its reader. */
  take(): (FileResult & { readonly reader: Reader }) | undefined {
    for (;;) {
      const result = this.#next();
      if (result === undefined) return undefined;
      const { id, bytes, more } = result;
      const reader = this.#readers.get(id);
      // The file has been closed since.
      if (reader === undefined) continue;
      if (!more) this.#forget(id, reader);
      return { reader, bytes, more };
    }
  }

  /** Ends the threads, which closes their files. */
  end(): void {
    this.#isEnding = true;
    for (const thread of this.#threads) thread?.end();
  }

  #forget(id: number, reader: Reader): void {
    this.#readers.delete(id);
    this.#numbers.delete(reader);
  }

  /** The next result of a thread, or for the jobs of one that has died. */
  #next(): NumberedResult | undefined {
    const own = this.#own.shift();
    if (own) return own;
    for (const thread of this.#threads) {
      const message = thread?.next();
      if (!thread || message === undefined) continue;
      if (!("gone" in message)) return message;
      this.#reap(thread, message.gone);
      return this.#next();
    }
    return undefined;
  }

  #threadOf(id: number): FileThread | undefined {
    return this.#threads.find((thread) => thread?.has(id));
  }

  /** The thread with the fewest jobs. Threads that do not run yet are started first. */
  #leastBusy(): FileThread {
    const load = (at: number) => this.#threads[at]?.load ?? -1;
    let least = 0;
    for (let at = 1; at < this.#threads.length; at += 1)
      if (load(at) < load(least)) least = at;
    const thread = this.#threads[least] ?? this.#start();
    this.#threads[least] = thread;
    return thread;
  }

  #start(): FileThread {
    const thread: FileThread = new FileThread(this.#data, () => this.#reap(thread));
    return thread;
  }

  /**
   * Handles the end of a thread: unanswered requests get a 500, other answers are cut short.
   *
   * @param why The reason it gave; undefined if that may still be among its results.
   */
  #reap(thread: FileThread, why?: string): void {
    const at = this.#threads.indexOf(thread);
    if (this.#isEnding || at === -1) return;
    this.#threads[at] = undefined;
    let reason = why;
    for (let message = thread.next(); message; message = thread.next()) {
      if ("gone" in message) reason ??= message.gone;
      // No thread is left to read the rest of the file.
      else this.#give(message);
    }
    this.#died(`a file worker has died: ${reason ?? thread.error}`);
    thread.closePort();
    for (const [id, request] of thread.opening) {
      this.#give({ id, bytes: failure(500, request).bytes, more: false });
    }
    for (const id of thread.reading) this.#give({ id, bytes: undefined, more: false });
  }

  #give(result: NumberedResult): void {
    this.#own.push(result);
    this.#waker.wake();
  }
}

/** Writes without a worker's console, which needs a turn of Node's loop. */
function printError(line: string): void {
  try {
    writeSync(STDERR, `${line}\n`);
  } catch {
    // EPIPE or EAGAIN: stderr is closed or full, which should not end the server.
  }
}
