// Answers a request for a file: finds it, checks whether it may be sent, and makes the
// head. It blocks on the disk, so a server calls it on a thread for files.
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join, sep } from "node:path";
import type { FileRequest } from "./file-request.ts";
import { fieldLines, problem, responseHead } from "./http.ts";
import { conditionStatus, isRangeWanted, type Validators } from "./http-conditions.ts";
import { httpDate } from "./http-date.ts";
import { rangeOf } from "./http-range.ts";
import type { OpenFiles } from "./open-files.ts";
import { contentType, statusWithout } from "./public-files.ts";

/** How much of a file is read at a time, in bytes. */
export const PIECE = 65536;
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/** An open file, and the part of it that is still to be read. */
export interface OpenFile {
  readonly fd: number;
  at: number;
  left: number;
}

/** The complete answer; or its beginning, and the file that has the rest. */
export interface FileAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly file: OpenFile | undefined;
}

/**
 * @param root The real path of the folder, as `realpathSync` gives it.
 * @param openFiles Keeps small files open for later requests.
 */
export function answerFile(
  root: string,
  request: FileRequest,
  openFiles?: OpenFiles,
): FileAnswer {
  const { method, conditions, connection } = request;
  let fd: number | undefined;
  try {
    const path = pathIn(root, request.segments);
    fd = path === undefined ? undefined : openIn(root, path);
    if (path === undefined || fd === undefined) return failure(404, request);
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) return failure(404, request);
    const now = Date.now();
    const validators = validatorsOf(stat, now);
    const size = Number(stat.size);
    const common = {
      ETag: validators.etag,
      "Last-Modified": httpDate(validators.modified),
    };
    const status = conditionStatus(conditions, validators);
    if (status === 412) return failure(412, request);
    const persistence = { Connection: connection };
    if (status === 304) return whole(responseHead(304, { ...common, ...persistence }));
    const asked = method === "GET" ? conditions.range : undefined;
    const isWanted = isRangeWanted(conditions["if-range"], validators, now);
    const range = asked !== undefined && isWanted ? rangeOf(asked, size) : "whole";
    if (range === "none") {
      return failure(416, request, { "Content-Range": `bytes */${size}` });
    }
    const [first, length] =
      range === "whole" ? [0, size] : [range.first, range.last - range.first + 1];
    const fields = {
      ...common,
      "Content-Type": contentType(path),
      "Content-Length": length,
      "Accept-Ranges": "bytes",
      ...(range === "whole"
        ? {}
        : { "Content-Range": `bytes ${first}-${range.last}/${size}` }),
    };
    const head = responseHead(range === "whole" ? 200 : 206, {
      ...fields,
      ...persistence,
    });
    if (method === "HEAD" || length === 0) return whole(head);
    const file = { fd, at: first, left: length };
    const answer = withFirstPiece(head, file);
    // The caller now owns the descriptor.
    if (answer.file) fd = undefined;
    else openFiles?.keep(request, fd, stat, fieldLines(fields));
    return answer;
  } catch (error) {
    return failure(statusWithout((error as NodeJS.ErrnoException).code), request);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Reads the next piece of a file.
 *
 * @returns How many bytes, never more than were announced; 0 when the file has
 *   become shorter.
 * @throws {Error} When the disk fails.
 */
export function readPiece(file: OpenFile, into: Uint8Array): number {
  const count = readSync(file.fd, into, 0, Math.min(into.length, file.left), file.at);
  file.at += count;
  file.left -= count;
  return count;
}

/** The answer to a request that no file can answer. */
export function failure(
  status: number,
  { method, connection }: Pick<FileRequest, "method" | "connection">,
  fields: Readonly<Record<string, string>> = {},
): FileAnswer {
  return whole(problem(status, method, { Connection: connection, ...fields }));
}

function whole(text: string): FileAnswer {
  return { bytes: ownBytes(Buffer.from(text)), file: undefined };
}

/** Joins the head and the first piece: one write saves a system call, and a packet. */
function withFirstPiece(head: string, file: OpenFile): FileAnswer {
  // Not `alloc`: filling it with zeros takes longer than reading a small file.
  const bytes = Buffer.allocUnsafeSlow(head.length + Math.min(file.left, PIECE));
  const start = bytes.write(head, "latin1");
  const count = readPiece(file, bytes.subarray(start));
  if (count === 0) throw new Error("the file has become shorter");
  const isLast = file.left === 0;
  return { bytes: bytes.subarray(0, start + count), file: isLast ? undefined : file };
}

/** A copy in memory of its own, which can be transferred to another thread. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

/** The path of the segments; undefined when they cannot name a file. */
function pathIn(root: string, segments: readonly string[]): string | undefined {
  // Only the root has an index.
  const names = segments.join("/") === "" ? ["index.html"] : segments;
  const isNone = names.some((name) => name === "" || name.startsWith("."));
  // A separator in a name was sent encoded. It is part of the name: no such file exists.
  if (isNone || names.some((name) => name.includes("/") || name.includes(sep))) return;
  return join(root, ...names);
}

/**
 * Opens a file, if the path is one and is in the folder once all links are resolved.
 *
 * @throws {Error} With a code, when it cannot be opened.
 */
function openIn(root: string, path: string): number | undefined {
  const real = realpathSync.native(path);
  // Checked before opening, because opening a device may have an effect: a tape rewinds.
  if (!isWithin(root, real) || !statSync(real).isFile()) return undefined;
  // Without O_NONBLOCK, opening a FIFO that was put there since would wait for a writer.
  const fd = openSync(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  // A folder on the path may have become a link since. Linux reports what we have opened.
  if (process.platform !== "linux" || isWithin(root, readlinkSync(`/proc/self/fd/${fd}`)))
    return fd;
  closeSync(fd);
  return undefined;
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * The tag changes with every change of the content, even within a second: it contains the
 * times of the last change, of content and of inode, to the nanosecond (RFC 9110,
 * section 8.8.3).
 *
 * @param now A file may be dated in the future; `Last-Modified` may not be
 *   (section 8.8.2.1).
 */
function validatorsOf(stat: BigIntStats, now: number): Validators {
  const parts = [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs];
  const etag = `"${parts.map((part) => part.toString(36)).join("-")}"`;
  const modified = Math.min(Number(stat.mtimeMs), now);
  return { etag, modified: Math.floor(modified / 1000) * 1000 };
}
