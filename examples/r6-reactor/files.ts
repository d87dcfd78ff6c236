// r6-reactor: the handler of what other threads have read.
import type { FileRequest } from "../shared/file-request.ts";
import type { FileResult } from "../shared/file-worker.ts";
import { FileWorkers } from "../shared/file-workers.ts";
import { OpenFiles, type OpenFilesMemory } from "../shared/open-files.ts";
import type { Token } from "../shared/poll/token.ts";
import { EventHandler } from "./handler.ts";
import type { Reactor } from "./reactor.ts";

/** Who has asked for a file. */
interface Reader {
  readonly token: Token;
  /** An answer, or a piece of one, is there. */
  take(result: FileResult): void;
}

/** Hands on jobs to file workers, and their results to the clients that wait for these. */
export class Files extends EventHandler {
  readonly #workers: FileWorkers;
  readonly #openFiles: OpenFiles;
  readonly #readers = new Map<Token, Reader>();

  /** @param openFiles What the workers of all loops keep open. */
  constructor(
    reactor: Reactor,
    root: string,
    workers: number,
    openFiles: OpenFilesMemory,
  ) {
    super();
    this.#workers = new FileWorkers(root, workers, reactor.waker, { openFiles });
    this.#openFiles = new OpenFiles(openFiles);
    reactor.onWake(this);
  }

  /** The answer, if it can be had without a wait: the file is small, and was asked for just now. */
  answer(request: FileRequest): Uint8Array<ArrayBuffer> | undefined {
    return this.#openFiles.answer(request);
  }

  open(reader: Reader, request: FileRequest): void {
    this.#readers.set(reader.token, reader);
    this.#workers.open(reader.token, request);
  }

  /** Asks for the next piece, in the memory of the one that is gone. */
  read(reader: Reader, into: Uint8Array<ArrayBuffer>): void {
    this.#workers.read(reader.token, into);
  }

  /** The reader wants no more. */
  close(reader: Reader): void {
    if (this.#readers.delete(reader.token)) this.#workers.close(reader.token);
  }

  handle(): boolean {
    for (;;) {
      const result = this.#workers.take();
      if (result === undefined) return false;
      this.#readers.get(result.id)?.take(result);
    }
  }

  end(): void {
    this.#workers.end();
  }
}
