// Threads for files: a server asks them to open and read, and goes on with its sockets. A
// finished piece wakes the poll that the server waits with.
import { writeSync } from "node:fs";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { failure, PIECE } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import type { FileJob, FileMessage, FileResult, FileWorkerData } from "./file-worker.ts";
import type { OpenFilesMemory } from "./open-files.ts";

const STDERR = 2;

/** What wakes the thread that waits for results. */
interface FileWaker {
  /** For the threads that have them. */
  readonly shared: FileWorkerData["waker"];
  wake(): void;
}

/** One thread, and what it has of ours. */
interface Helper {
  readonly worker: Worker;
  readonly results: MessagePort;
  /** Jobs that it has not finished, and how the answer would begin if it never does. */
  readonly opening: Map<number, FileRequest>;
  readonly reading: Set<number>;
  /** All files that it has open, or is to open. */
  readonly files: Set<number>;
  /** Why it has died, if it has not said so itself. */
  why: string;
}

/**
 * Some threads, and which of them has which file. The caller gives each file a number. A
 * file stays with the thread that has opened it, because Node closes what a thread has opened
 * when the thread ends.
 *
 * ```text
 *   server   open(7) ─────────────────► file worker    open, fstat, read
 *            … other connections …                     │
 *            poll ends: take() ◄─── bytes ── wake() ───┘   handed over, not copied
 * ```
 */
export class FileWorkers {
  readonly #root: string;
  readonly #waker: FileWaker;
  readonly #died: (line: string) => void;
  readonly #openFiles: OpenFilesMemory | undefined;
  readonly #helpers: (Helper | undefined)[];
  /** Results that no thread has sent. */
  readonly #own: FileResult[] = [];
  #isEnding = false;

  /**
   * @param root The folder of the files.
   * @param count How many threads. They are started when there is something to do.
   * @param waker Of the poll, or a channel; after its event call `take`, until it has no more.
   * @param more `died` gets a line when a thread has died, instead of stderr. `openFiles` is
   *   where they keep small files open; without it, nowhere.
   */
  constructor(
    root: string,
    count: number,
    waker: FileWaker,
    more: { died?: (line: string) => void; openFiles?: OpenFilesMemory } = {},
  ) {
    this.#root = root;
    this.#waker = waker;
    this.#died = more.died ?? printError;
    this.#openFiles = more.openFiles;
    this.#helpers = Array.from({ length: count }, () => undefined);
  }

  /** Asks for an answer's head, and its first piece, under a number that is not in use. */
  open(id: number, request: FileRequest): void {
    const helper = this.#idlest();
    helper.opening.set(id, request);
    helper.files.add(id);
    ask(helper, { do: "open", id, request });
  }

  /**
   * Asks for the next piece.
   *
   * @param into Memory to read into: that of the piece before, when it has been sent.
   */
  read(id: number, into?: Uint8Array<ArrayBuffer>): void {
    const helper = this.#helpers.find((one) => one?.files.has(id));
    if (helper === undefined) {
      this.#give({ id, bytes: undefined, more: false });
      return;
    }
    helper.reading.add(id);
    const isFit = into !== undefined && into.buffer.byteLength >= PIECE;
    const buffer = isFit ? into.buffer : Buffer.allocUnsafeSlow(PIECE).buffer;
    const job = { do: "read", id, into: new Uint8Array(buffer, 0, PIECE) } as const;
    ask(helper, job, [buffer]);
  }

  /** Closes a file of which no more is wanted, whatever is being done for it. */
  close(id: number): void {
    const helper = this.#helpers.find((one) => one?.files.has(id));
    if (helper === undefined) return;
    forget(helper, id);
    ask(helper, { do: "close", id });
  }

  /** The next result; undefined when there is none now. One for a closed file may still come. */
  take(): FileResult | undefined {
    const own = this.#own.shift();
    if (own) return own;
    for (const [at, helper] of this.#helpers.entries()) {
      const result = helper && nextOf(helper);
      if (!helper || result === undefined) continue;
      if ("gone" in result) {
        this.#bury(at, helper, result.gone);
        return this.take();
      }
      helper.opening.delete(result.id);
      helper.reading.delete(result.id);
      if (!result.more) helper.files.delete(result.id);
      return result;
    }
    return undefined;
  }

  /** Ends the threads, and closes what they have open. */
  end(): void {
    this.#isEnding = true;
    for (const helper of this.#helpers) void helper?.worker.terminate();
  }

  /** The one that has least to do. One that is not there is started: nothing is less. */
  #idlest(): Helper {
    let least = 0;
    const load = (at: number) => {
      const helper = this.#helpers[at];
      return helper ? helper.opening.size + helper.reading.size : -0.5;
    };
    for (let at = 1; at < this.#helpers.length; at += 1)
      if (load(at) < load(least)) least = at;
    const helper = this.#helpers[least] ?? this.#start(least);
    this.#helpers[least] = helper;
    return helper;
  }

  #start(at: number): Helper {
    const { port1, port2 } = new MessageChannel();
    const data: FileWorkerData = {
      root: this.#root,
      results: port2,
      waker: this.#waker.shared,
      openFiles: this.#openFiles,
    };
    // A program compiled to JavaScript needs no TypeScript loader, and there is none.
    const isTyped = import.meta.url.endsWith(".ts");
    const { href } = new URL(
      isTyped ? "file-worker.ts" : "file-worker.js",
      import.meta.url,
    );
    const program = isTyped ? new URL("load-worker.mjs", import.meta.url) : new URL(href);
    const workerData = { ...data, file: href };
    const worker = new Worker(program, { workerData, transferList: [port2] });
    const helper = {
      worker,
      results: port1,
      opening: new Map(),
      reading: new Set<number>(),
      files: new Set<number>(),
      why: "it has ended",
    };
    // The requests it had get their answers on `exit`, which follows.
    worker.on("error", (error) => {
      helper.why = String(error);
    });
    worker.on("exit", () => this.#bury(at, helper));
    return helper;
  }

  /**
   * A thread has ended. What it had not begun to answer is a 500, the rest is cut.
   *
   * @param why As it has said; undefined when that may still be among its results.
   */
  #bury(at: number, helper: Helper, why?: string): void {
    if (this.#isEnding || this.#helpers[at] !== helper) return;
    this.#helpers[at] = undefined;
    let said = why;
    for (let result = nextOf(helper); result; result = nextOf(helper)) {
      if ("gone" in result) {
        said ??= result.gone;
        continue;
      }
      helper.opening.delete(result.id);
      helper.reading.delete(result.id);
      // No thread is left to read the rest of it.
      this.#give(result);
    }
    this.#died(`a file worker has died: ${said ?? helper.why}`);
    helper.results.close();
    for (const [id, request] of helper.opening) {
      this.#give({ id, bytes: failure(500, request).bytes, more: false });
    }
    for (const id of helper.reading) this.#give({ id, bytes: undefined, more: false });
  }

  #give(result: FileResult): void {
    this.#own.push(result);
    this.#waker.wake();
  }
}

/** What a thread has said next; undefined when it has said no more. */
function nextOf({ results }: Helper): FileMessage | undefined {
  return receiveMessageOnPort(results)?.message;
}

function ask(helper: Helper, job: FileJob, transfer: ArrayBuffer[] = []): void {
  helper.worker.postMessage(job, transfer);
}

function forget(helper: Helper, id: number): void {
  helper.opening.delete(id);
  helper.reading.delete(id);
  helper.files.delete(id);
}

/** A worker's console would wait for Node's loop, to which a thread of ours may never return. */
function printError(line: string): void {
  try {
    writeSync(STDERR, `${line}\n`);
  } catch {
    // Nobody reads it (EPIPE), or not fast enough (EAGAIN): no reason to end a server.
  }
}
