// The answers of file workers as futures: read piece by piece, and released when dropped.

import type { FileRequest } from "../file-request.ts";
import { FileWorkers } from "../file-workers.ts";
import type { Waker as PollWaker } from "../poll/readiness/waker.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** Bytes of an answer, and whether more will follow. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly more: boolean;
}

/** An answer in pieces: a file, or a single piece. */
export interface Reply {
  /** The next piece; undefined when the answer is shorter than announced. */
  next(): Future<Piece | undefined>;
  /** Releases the answer when no more pieces are wanted. */
  close(): void;
}

/** The files that worker threads are reading. */
export class FileReplies {
  readonly #workers: FileWorkers<FileReply>;

  /** @param waker The waker of the loop's poll. Call `deliver` after each wake. */
  constructor(root: string, threads: number, waker: PollWaker) {
    this.#workers = new FileWorkers(root, threads, waker);
  }

  /** Starts the first thread. @throws {Error} If it cannot start. */
  start(): Promise<void> {
    return this.#workers.start();
  }

  /** Opens the answer to a request. Nothing happens before its first piece is polled. */
  open(request: FileRequest): Reply {
    return new FileReply(request, this.#workers);
  }

  /** Delivers what the threads have finished. */
  deliver(): void {
    for (;;) {
      const result = this.#workers.take();
      if (result === undefined) return;
      const { reader, bytes, more } = result;
      reader.take(bytes && { bytes, more });
    }
  }

  /** Ends the threads. */
  end(): void {
    this.#workers.end();
  }
}

/** One file that is being sent. */
class FileReply implements Reply, Future<Piece | undefined> {
  readonly #request: FileRequest;
  readonly #workers: FileWorkers<FileReply>;
  #is: "new" | "requested" | "received" | "sent" | "closed" = "new";
  #piece: Piece | undefined;
  #waker: Waker | undefined;

  constructor(request: FileRequest, workers: FileWorkers<FileReply>) {
    this.#request = request;
    this.#workers = workers;
  }

  next(): this {
    return this;
  }

  poll(waker: Waker): Poll<Piece | undefined> {
    this.#waker = waker;
    if (this.#is === "requested") return PENDING;
    if (this.#is === "received") {
      this.#is = "sent";
      if (!this.#piece?.more) this.#leave();
      return this.#piece;
    }
    if (this.#is === "closed") throw new Error("Cannot read an answer that is closed");
    if (this.#is === "new") this.#workers.open(this, this.#request);
    else this.#workers.read(this, this.#piece?.bytes);
    this.#is = "requested";
    return PENDING;
  }

  /** Closes the file, even while a worker is reading it. */
  drop(): void {
    this.close();
  }

  close(): void {
    if (this.#is === "new" || this.#is === "closed") return;
    this.#workers.close(this);
    this.#leave();
  }

  /** For `FileReplies`: delivers a piece. */
  take(piece: Piece | undefined): void {
    this.#piece = piece;
    this.#is = "received";
    this.#waker?.wake();
  }

  #leave(): void {
    this.#is = "closed";
    this.#waker = undefined;
  }
}
