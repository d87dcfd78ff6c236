// One thread that opens and reads files, as seen by the thread that asks it to.
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { PIECE } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import type { FileJob, FileMessage, FileWorkerData } from "./file-worker.ts";

/** A running file worker, and the jobs that it has not finished. */
export class FileThread {
  /** The files being opened, and the requests that need an answer if the thread dies. */
  readonly opening = new Map<number, FileRequest>();
  /** The files of which a piece is being read. */
  readonly reading = new Set<number>();
  readonly #worker: Worker;
  readonly #results: MessagePort;
  /** All files that it has open, or is opening. */
  readonly #files = new Set<number>();
  #error = "it has ended";

  /** @param ended Called after the thread has ended, once this thread returns to Node's loop. */
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

  /** How many jobs it has not finished. */
  get load(): number {
    return this.opening.size + this.reading.size;
  }

  /** Why it has died, if it did not say so itself. */
  get error(): string {
    return this.#error;
  }

  /** Whether it has this file open, or is opening it. */
  has(id: number): boolean {
    return this.#files.has(id);
  }

  open(id: number, request: FileRequest): void {
    this.opening.set(id, request);
    this.#files.add(id);
    this.#post({ do: "open", id, request });
  }

  /** @param into Memory to read into, if it is large enough; otherwise new memory is taken. */
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

  /** The next result, or why it ends; undefined when it has said nothing more. */
  next(): FileMessage | undefined {
    const message: FileMessage | undefined = receiveMessageOnPort(this.#results)?.message;
    if (message === undefined || "gone" in message) return message;
    this.#finished(message.id);
    if (!message.more) this.#files.delete(message.id);
    return message;
  }

  /** Ends the thread, and closes what it has open. */
  end(): void {
    void this.#worker.terminate();
  }

  /** No more results are taken from it. */
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
