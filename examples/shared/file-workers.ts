// Threads that open and read files, while the server goes on with its sockets. Each result
// wakes the poll in which the server waits.
import { once } from "node:events";
import { writeSync } from "node:fs";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { failure } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import type {
  FileSupervisorData,
  FileWorkerDeath,
  FileWorkerStart,
} from "./file-supervisor.ts";
import { FileThread } from "./file-thread.ts";
import type { FileWaker } from "./file-waker.ts";
import type { FileResult, FileWorkerData, NumberedResult } from "./file-worker.ts";
import type { OpenFilesMemory } from "./open-files.ts";
import { threadProgram } from "./thread-program.ts";

const STDERR = 2;

/** After a thread could not start, the next attempt waits, in milliseconds. */
const RETRY_DELAY = 1000;

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
  readonly #data: Omit<FileWorkerData, "port">;
  readonly #waker: FileWaker;
  readonly #died: (line: string) => void;
  readonly #most: number;
  #threads: FileThread[] = [];
  #lastThread = 0;
  /** When another thread may be started, although others run. */
  #retryAt = 0;
  /** Starts the threads. */
  #supervisor: Worker | undefined;
  #deaths: MessagePort | undefined;
  /** Results for the jobs of threads that have died. */
  readonly #own: NumberedResult[] = [];
  /** The numbers of the files that are open or being opened, and their readers. */
  readonly #numbers = new Map<Reader, number>();
  readonly #readers = new Map<number, Reader>();
  #last = 0;
  #isEnding = false;

  /**
   * @param root The folder of the files.
   * @param most The most threads. The first is started by `start`, each other one when all
   *   are busy.
   * @param waker Of a poll or a channel. After its event, call `take` until it is empty.
   * @param more `died` gets a line when a thread has died; by default stderr does. `openFiles`
   *   is where the threads keep small files open; without it they keep none.
   */
  constructor(
    root: string,
    most: number,
    waker: FileWaker,
    more: { died?: (line: string) => void; openFiles?: OpenFilesMemory } = {},
  ) {
    this.#data = { root, waker: waker.shared, openFiles: more.openFiles };
    this.#waker = waker;
    this.#died = more.died ?? printError;
    this.#most = most;
  }

  /**
   * Starts the first thread. A server waits for it before it accepts clients: a thread needs
   * descriptors to start, and they may take all of them.
   *
   * @throws {Error} If it cannot start.
   */
  async start(): Promise<void> {
    this.#supervisor = this.#startSupervisor();
    this.#startThread(this.#supervisor);
    await once(this.#supervisor, "message");
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
    void this.#supervisor?.terminate();
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
      const result = thread.next();
      if (result) return result;
    }
    const death = this.#deaths && receiveMessageOnPort(this.#deaths);
    if (death === undefined) return undefined;
    this.#reap(death.message);
    return this.#next();
  }

  #threadOf(id: number): FileThread | undefined {
    return this.#threads.find((thread) => thread.has(id));
  }

  /** The thread with the fewest jobs. If all are busy, it starts another for later jobs. */
  #leastBusy(): FileThread {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) throw new Error("Cannot open a file: not started");
    // A thread that is still starting may fail, so it gets a job only if no other is there.
    const ready = this.#threads.filter((thread) => thread.isReady);
    const [first, ...others] = ready.length > 0 ? ready : this.#threads;
    if (first === undefined) return this.#startThread(supervisor);
    const least = others.reduce((a, b) => (b.load < a.load ? b : a), first);
    const { length } = this.#threads;
    const mayStart = length < this.#most && length === ready.length;
    if (least.load > 0 && mayStart && performance.now() >= this.#retryAt) {
      this.#startThread(supervisor);
    }
    return least;
  }

  #startThread(supervisor: Worker): FileThread {
    const { port1, port2 } = new MessageChannel();
    this.#lastThread += 1;
    const ready = new Int32Array(new SharedArrayBuffer(4));
    const start: FileWorkerStart = { thread: this.#lastThread, port: port2, ready };
    supervisor.postMessage(start, [port2]);
    const thread = new FileThread(this.#lastThread, port1, ready);
    this.#threads.push(thread);
    return thread;
  }

  #startSupervisor(): Worker {
    const { port1, port2 } = new MessageChannel();
    this.#deaths = port1;
    const { program, file } = threadProgram(
      new URL("file-supervisor.ts", import.meta.url),
    );
    const data: FileSupervisorData = { data: this.#data, deaths: port2 };
    const workerData = { ...data, file };
    return new Worker(program, { workerData, transferList: [port2] });
  }

  /**
   * Handles the end of a thread: unanswered requests get a 500, or a 503 if it could not start;
   * other answers are cut short.
   */
  #reap({ thread: number, why }: FileWorkerDeath): void {
    const thread = this.#threads.find((thread) => thread.number === number);
    if (this.#isEnding || thread === undefined) return;
    this.#threads = this.#threads.filter((other) => other !== thread);
    // No thread is left to read the rest of the files.
    for (let last = thread.next(); last; last = thread.next()) this.#give(last);
    if (!thread.isReady) this.#retryAt = performance.now() + RETRY_DELAY;
    this.#died(`a file worker ${thread.isReady ? "has died" : "cannot start"}: ${why}`);
    const status = thread.isReady ? 500 : 503;
    for (const [id, request] of thread.opening) {
      this.#give({ id, bytes: failure(status, request).bytes, more: false });
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
