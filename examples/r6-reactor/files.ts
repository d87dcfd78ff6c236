// r6-reactor: the handler that passes on what file workers have read.
import type { FileRequest } from "../shared/file-request.ts";
import type { FileResult } from "../shared/file-worker.ts";
import { FileWorkers } from "../shared/file-workers.ts";
import { OpenFiles, type OpenFilesMemory } from "../shared/open-files.ts";
import { EventHandler } from "./handler.ts";
import type { Reactor } from "./reactor.ts";

/** A client that has requested a file. */
interface Reader {
  /** Takes an answer, or a piece of one, from a file worker. */
  take(result: FileResult): void;
}

/** Passes jobs to file workers, and their results to the clients that wait for them. */
export class Files extends EventHandler {
  readonly #workers: FileWorkers<Reader>;
  readonly #openFiles: OpenFiles;

  /** @param openFiles The files that the workers of all loops keep open. */
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

  /** Starts the first worker. @throws {Error} If it cannot start. */
  start(): Promise<void> {
    return this.#workers.start();
  }

  /** Returns the answer if it needs no worker: the file is small and was read recently. */
  answer(request: FileRequest): Uint8Array<ArrayBuffer> | undefined {
    return this.#openFiles.answer(request);
  }

  open(reader: Reader, request: FileRequest): void {
    this.#workers.open(reader, request);
  }

  /** Requests the next piece, reusing the memory of the piece just sent. */
  read(reader: Reader, into: Uint8Array<ArrayBuffer>): void {
    this.#workers.read(reader, into);
  }

  /** Closes the reader's file. The reader gets no further results. */
  close(reader: Reader): void {
    this.#workers.close(reader);
  }

  handle(): boolean {
    for (;;) {
      const result = this.#workers.take();
      if (result === undefined) return false;
      result.reader.take(result);
    }
  }

  end(): void {
    this.#workers.end();
  }
}
