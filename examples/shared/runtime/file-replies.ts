// Answers of the file workers as futures: piece by piece, and given back when dropped.

import type { FileRequest } from "../file-request.ts";
import { FileWorkers } from "../file-workers.ts";
import type { Waker as PollWaker } from "../poll/readiness/waker.ts";
import { Slab } from "../poll/token.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** Bytes of an answer, and whether more are to come. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly more: boolean;
}

/** An answer in pieces: a file's, or one that is a single piece. */
export interface Reply {
  /** The next piece; undefined when there is less of it than was promised. */
  next(): Future<Piece | undefined>;
  /** No more of it is wanted. */
  close(): void;
}

/** Files that are being read, by threads of their own. */
export class FileReplies {
  readonly #workers: FileWorkers;
  readonly #replies = new Slab<FileReply>();

  /**
   * @param waker Of the loop's poll: `deliver` is to be called after it.
   */
  constructor(root: string, threads: number, waker: PollWaker) {
    this.#workers = new FileWorkers(root, threads, waker);
  }

  /** How many answers are open. */
  get size(): number {
    return this.#replies.size;
  }

  /** An answer to a request; nothing is done before its first piece is polled. */
  open(request: FileRequest): Reply {
    return new FileReply(request, this.#workers, this.#replies);
  }

  /** Hands over what the threads have finished. */
  deliver(): void {
    for (;;) {
      const result = this.#workers.take();
      if (result === undefined) return;
      const { id, bytes, more } = result;
      this.#replies.get(id)?.take(bytes && { bytes, more });
    }
  }

  /** Ends the threads. */
  end(): void {
    this.#workers.end();
  }
}

/** One file that is sent. */
class FileReply implements Reply, Future<Piece | undefined> {
  readonly #request: FileRequest;
  readonly #workers: FileWorkers;
  readonly #replies: Slab<FileReply>;
  #id = -1;
  #is: "new" | "asked" | "here" | "sent" | "closed" = "new";
  #piece: Piece | undefined;
  #waker: Waker | undefined;

  constructor(request: FileRequest, workers: FileWorkers, replies: Slab<FileReply>) {
    this.#request = request;
    this.#workers = workers;
    this.#replies = replies;
  }

  next(): this {
    return this;
  }

  poll(waker: Waker): Poll<Piece | undefined> {
    this.#waker = waker;
    if (this.#is === "asked") return PENDING;
    if (this.#is === "here") {
      this.#is = "sent";
      if (!this.#piece?.more) this.#leave();
      return this.#piece;
    }
    if (this.#is === "closed") throw new Error("Cannot read an answer that is closed");
    if (this.#is === "new") {
      this.#id = this.#replies.add(this);
      this.#workers.open(this.#id, this.#request);
    } else this.#workers.read(this.#id, this.#piece?.bytes);
    this.#is = "asked";
    return PENDING;
  }

  /** Closes the file, whatever is being done for it. */
  drop(): void {
    this.close();
  }

  close(): void {
    if (this.#is === "new" || this.#is === "closed") return;
    this.#workers.close(this.#id);
    this.#leave();
  }

  /** For `FileReplies`: a piece has come. */
  take(piece: Piece | undefined): void {
    this.#piece = piece;
    this.#is = "here";
    this.#waker?.wake();
  }

  #leave(): void {
    this.#replies.remove(this.#id);
    this.#is = "closed";
    this.#waker = undefined;
  }
}
