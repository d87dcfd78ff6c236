// Threads that open and read files, while the server goes on with its sockets. Each result
// wakes the poll in which the server waits.
import { writeSync } from "node:fs";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { failure } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import { FileThread } from "./file-thread.ts";
import type { FileWaker } from "./file-waker.ts";
import type { FileResult, FileWorkerData, NumberedResult } from "./file-worker.ts";
import type { OpenFilesMemory } from "./open-files.ts";
import { threadProgram } from "./thread-program.ts";

const STDERR = 2;

/** The data that the supervisor is started with. */
export interface FileSupervisorData {
  /** What it starts file workers with, but for their ports. */
  readonly program: string;
  readonly data: Omit<FileWorkerData, "port"> & { readonly file: string };
  readonly execArgv: string[];
  /** Where it reports deaths. */
  readonly deaths: MessagePort;
  /** The module of `fileWakerFrom`. */
  readonly wakerModule: string;
}

/** A request to start a file worker. */
export interface FileWorkerStart {
  readonly thread: number;
  /** Transferred to the worker. */
  readonly port: MessagePort;
}

/** The end of a file worker. All that it had posted has arrived. */
export interface FileWorkerDeath {
  readonly thread: number;
  readonly why: string;
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
  readonly #data: Omit<FileWorkerData, "port">;
  readonly #waker: FileWaker;
  readonly #died: (line: string) => void;
  readonly #most: number;
  #threads: FileThread[] = [];
  #lastThread = 0;
  /** Starts the threads. It is started itself when there is a first job. */
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
   * @param most The most threads. Each is started when there is a job for it.
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

  /** Requests the head and the first piece of an answer. */
  open(reader: Reader, request: FileRequest): void {
    this.#last += 1;
    this.#numbers.set(reader, this.#last);
    this.#readers.set(this.#last, reader);
    try {
      this.#leastBusy().open(this.#last, request);
    } catch (error) {
      // ERR_WORKER_INIT_FAILED: the system has no thread left.
      this.#died(`cannot start a file worker: ${error}`);
      this.#fail(this.#last, request);
    }
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

  /** The thread with the fewest jobs, or a new one while there may be more. */
  #leastBusy(): FileThread {
    if (this.#threads.length < this.#most) return this.#start();
    return this.#threads.reduce((least, thread) =>
      thread.load < least.load ? thread : least,
    );
  }

  #start(): FileThread {
    const { port1, port2 } = new MessageChannel();
    this.#lastThread += 1;
    const start: FileWorkerStart = { thread: this.#lastThread, port: port2 };
    this.#supervisor ??= this.#startSupervisor();
    this.#supervisor.postMessage(start, [port2]);
    const thread = new FileThread(this.#lastThread, port1);
    this.#threads.push(thread);
    return thread;
  }

  #startSupervisor(): Worker {
    const { port1, port2 } = new MessageChannel();
    this.#deaths = port1;
    const { program, file } = threadProgram(new URL("file-worker.ts", import.meta.url));
    const workerData: FileSupervisorData = {
      program: program.href,
      data: { ...this.#data, file },
      execArgv: process.execArgv,
      deaths: port2,
      wakerModule: threadProgram(new URL("file-waker.ts", import.meta.url)).file,
    };
    // Without our flags: it needs no loader of TypeScript.
    const options = { workerData, transferList: [port2], execArgv: [] };
    return new Worker(new URL("file-supervisor.mjs", import.meta.url), options);
  }

  /** Handles the end of a thread: unanswered requests get a 500, other answers are cut short. */
  #reap({ thread: number, why }: FileWorkerDeath): void {
    const thread = this.#threads.find((thread) => thread.number === number);
    if (this.#isEnding || thread === undefined) return;
    this.#threads = this.#threads.filter((other) => other !== thread);
    // No thread is left to read the rest of the files.
    for (let last = thread.next(); last; last = thread.next()) this.#give(last);
    this.#died(`a file worker has died: ${why}`);
    for (const [id, request] of thread.opening) this.#fail(id, request);
    for (const id of thread.reading) this.#give({ id, bytes: undefined, more: false });
  }

  #fail(id: number, request: FileRequest): void {
    this.#give({ id, bytes: failure(500, request).bytes, more: false });
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
