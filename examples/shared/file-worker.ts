// A thread that opens and reads files, so that no other thread waits for a disk.
// `FileWorkers` starts it.
import { closeSync, realpathSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { answerFile, type OpenFile, readPiece } from "./file-answer.ts";
import type { FileRequest } from "./file-request.ts";
import { OpenFiles, type OpenFilesMemory } from "./open-files.ts";
import { wakerFrom } from "./poll/readiness/pollers.ts";
import type { SharedWaker } from "./poll/readiness/waker.ts";
import { Channel, type ChannelMemory } from "./threads/channel.ts";

/** The data that such a thread is started with. */
export interface FileWorkerData {
  readonly root: string;
  /** Where results go. */
  readonly results: MessagePort;
  /** Wakes the thread that waits for results, through its poll or a channel. */
  readonly waker: SharedWaker | ChannelMemory;
  /** The table in which small files are kept open; undefined to keep none. */
  readonly openFiles: OpenFilesMemory | undefined;
}

/** A job for the thread. A file keeps the number that it was opened with. */
export type FileJob =
  | { readonly do: "open"; readonly id: number; readonly request: FileRequest }
  /** Reads the next piece into memory that is transferred here, and back with the result. */
  | { readonly do: "read"; readonly id: number; readonly into: Uint8Array<ArrayBuffer> }
  | { readonly do: "close"; readonly id: number };

/** A result, or why the thread ends. Of several reasons the first one counts. */
export type FileMessage = NumberedResult | { readonly gone: string };

/** A result, with the number of its file. */
export type NumberedResult = FileResult & { readonly id: number };

/** The result of "open" or "read". */
export interface FileResult {
  /** The answer's next bytes; undefined when there are fewer than were promised. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Whether more bytes will follow. If not, the file has been closed. */
  readonly more: boolean;
}

const { root, results, waker, openFiles: memory }: FileWorkerData = workerData;
const real = realpathSync(root);
const openFiles = memory && new OpenFiles(memory);
const wake = wakeBy(waker);
const files = new Map<number, OpenFile>();

parentPort?.on("message", (job: FileJob) => {
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

// Our starter may sleep in the kernel, and Node's own events "error" and "exit" would not reach
// it there.
process.on("uncaughtExceptionMonitor", (error) => post({ gone: String(error) }));
process.on("exit", (code) => post({ gone: `it has ended with ${code}` }));

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
  post(result, result.bytes ? [result.bytes.buffer] : []);
}

function post(message: FileMessage, transfer: ArrayBuffer[] = []): void {
  results.postMessage(message, transfer);
  wake();
}

function wakeBy(waker: FileWorkerData["waker"]): () => void {
  if ("queue" in waker) {
    const channel = new Channel(waker);
    // When it is full, the other has something to look at already.
    return () => channel.trySend(0);
  }
  const poll = wakerFrom(waker);
  return () => poll.wake();
}
