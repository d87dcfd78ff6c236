// A thread that opens and reads files, as seen by the thread that sends it jobs.
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { PIECE } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import type { FileJob, FileMessage, FileWorkerData } from "./file-worker.ts";

/** A running file worker and its unfinished jobs. */
export class FileThread {
  /** The files being opened, with the requests to answer if the thread dies. */
  readonly opening = new Map<number, FileRequest>();
  /** The files with a read in flight. */
  readonly reading = new Set<number>();
  readonly #worker: Worker;
  readonly #results: MessagePort;
  /** All files that are open or being opened. */
  readonly #files = new Set<number>();
  #error = "it has ended";

  /** @param ended Called when the thread has ended and this thread is back in Node's loop. */
  constructor(data: Omit<FileWorkerData, "results">, ended: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.#results = port1;
    // A program compiled to JavaScript needs no TypeScript loader, and there is none.
    const isTyped = import.meta.url.endsWith(".ts");
    const name = isTyped ? "file-worker.ts" : "file-worker.js";
    const file = new URL(name, import.meta.url);
    const program = isTyped ? new URL("load-worker.mjs", import.meta.url) : file;
    const own: FileWorkerData = { ...data, results: port2 };
    const workerData = { ...own, file: file.href };
    this.#worker = new Worker(program, { workerData, transferList: [port2] });
    // "exit" follows.
    this.#worker.on("error", (error) => {
      this.#error = String(error);
    });
    this.#worker.on("exit", ended);
  }

  /** The number of unfinished jobs. */
  get load(): number {
    return this.opening.size + this.reading.size;
  }

  /** Why it died, according to Node; the thread's own reason is more precise. */
  get error(): string {
    return this.#error;
  }

  /** Whether this file is open here, or being opened. */
  has(id: number): boolean {
    return this.#files.has(id);
  }

  open(id: number, request: FileRequest): void {
    this.opening.set(id, request);
    this.#files.add(id);
    this.#post({ do: "open", id, request });
  }

  /** @param into Memory to reuse; new memory is allocated if it is too small. */
  read(id: number, into?: Uint8Array<ArrayBuffer>): void {
    this.reading.add(id);
    const isFit = into !== undefined && into.buffer.byteLength >= PIECE;
    const buffer = isFit ? into.buffer : Buffer.allocUnsafeSlow(PIECE).buffer;
    this.#post({ do: "read", id, into: new Uint8Array(buffer, 0, PIECE) }, [buffer]);
  }

  close(id: number): void {
    this.#finished(id);
    this.#files.delete(id);
    this.#post({ do: "close", id });
  }

  /** The next result, or why the thread ends; undefined when no message is waiting. */
  next(): FileMessage | undefined {
    const message: FileMessage | undefined = receiveMessageOnPort(this.#results)?.message;
    if (message === undefined || "gone" in message) return message;
    this.#finished(message.id);
    if (!message.more) this.#files.delete(message.id);
    return message;
  }

  /** Ends the thread, which closes its files. */
  end(): void {
    void this.#worker.terminate();
  }

  /** Drops any further results. */
  closePort(): void {
    this.#results.close();
  }

  #finished(id: number): void {
    this.opening.delete(id);
    this.reading.delete(id);
  }

  #post(job: FileJob, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(job, transfer);
  }
}
