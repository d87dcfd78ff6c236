// A thread that opens and reads files, as seen by the thread that sends it jobs.
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { PIECE } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import type { FileJob, NumberedResult } from "./file-worker.ts";

/** A running file worker and its unfinished jobs. */
export class FileThread {
  /** The files being opened, with the requests to answer if the thread dies. */
  readonly opening = new Map<number, FileRequest>();
  /** The files with a read in flight. */
  readonly reading = new Set<number>();
  readonly number: number;
  readonly #port: MessagePort;
  readonly #ready: Int32Array<SharedArrayBuffer>;
  /** All files that are open or being opened. */
  readonly #files = new Set<number>();

  /**
   * @param number Never used for another thread of the same `FileWorkers`.
   * @param port To the thread, which may not run yet.
   * @param ready Becomes 1 when the thread is ready for jobs.
   */
  constructor(number: number, port: MessagePort, ready: Int32Array<SharedArrayBuffer>) {
    this.number = number;
    this.#port = port;
    this.#ready = ready;
  }

  /** Whether the thread has started, even if it has ended since. */
  get isReady(): boolean {
    return Atomics.load(this.#ready, 0) === 1;
  }

  /** The number of unfinished jobs. */
  get load(): number {
    return this.opening.size + this.reading.size;
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

  /** The next result, if any. */
  next(): NumberedResult | undefined {
    const result: NumberedResult | undefined = receiveMessageOnPort(this.#port)?.message;
    if (result === undefined) return undefined;
    this.#finished(result.id);
    if (!result.more) this.#files.delete(result.id);
    return result;
  }

  #finished(id: number): void {
    this.opening.delete(id);
    this.reading.delete(id);
  }

  #post(job: FileJob, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(job, transfer);
  }
}
