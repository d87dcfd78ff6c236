// A thread that opens and reads files, so that no other thread waits for a disk.
// `FileWorkers` has its supervisor start it.
import { closeSync, realpathSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { answerFile, type OpenFile, readPiece } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import { fileWakerFrom, type SharedFileWaker } from "./file-waker.ts";
import { OpenFiles, type OpenFilesMemory } from "./open-files.ts";

/** The data that such a thread is started with. */
export interface FileWorkerData {
  readonly root: string;
  /** Where jobs come from and results go. */
  readonly port: MessagePort;
  /** Wakes the thread that waits for results. */
  readonly waker: SharedFileWaker;
  /** The table in which small files are kept open; undefined to keep none. */
  readonly openFiles: OpenFilesMemory | undefined;
}

/** A job for the thread. A file keeps the number that it was opened with. */
export type FileJob =
  | { readonly do: "open"; readonly id: number; readonly request: FileRequest }
  /** Reads the next piece into memory that is transferred here, and back with the result. */
  | { readonly do: "read"; readonly id: number; readonly into: Uint8Array<ArrayBuffer> }
  | { readonly do: "close"; readonly id: number };

/** A result, with the number of its file. */
export type NumberedResult = FileResult & { readonly id: number };

/** The result of "open" or "read". */
export interface FileResult {
  /** The answer's next bytes; undefined when there are fewer than were promised. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Whether more bytes will follow. If not, the file has been closed. */
  readonly more: boolean;
}

const { root, port, waker, openFiles: memory }: FileWorkerData = workerData;
const real = realpathSync(root);
const openFiles = memory && new OpenFiles(memory);
const wake = fileWakerFrom(waker);
const files = new Map<number, OpenFile>();

port.on("message", (job: FileJob) => {
  if (job.do === "open") {
    const { bytes, file } = answerFile(real, job.request, openFiles);
    if (file) files.set(job.id, file);
    postResult({ id: job.id, bytes, more: file !== undefined });
  } else if (job.do === "read") {
    const bytes = nextPiece(job.id, job.into);
    const more = bytes !== undefined && (files.get(job.id)?.left ?? 0) > 0;
    if (!more) close(job.id);
    postResult({ id: job.id, bytes, more });
  } else close(job.id);
});
parentPort?.postMessage("ready");

function nextPiece(id: number, into: Uint8Array<ArrayBuffer>) {
  const file = files.get(id);
  try {
    const count = file ? readPiece(file, into) : 0;
    return count === 0 ? undefined : into.subarray(0, count);
  } catch {
    return undefined;
  }
}

function close(id: number): void {
  const file = files.get(id);
  files.delete(id);
  if (file) closeSync(file.fd);
}

/** Transfers the bytes: they are not copied, and no longer ours. */
function postResult(result: NumberedResult): void {
  port.postMessage(result, result.bytes ? [result.bytes.buffer] : []);
  wake();
}
