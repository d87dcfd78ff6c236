// The answer to a request for a file: which file it is, whether it may be given, and the head
// that goes before it. It waits for the disk, so a server calls it on a thread for files.
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

/** An open file, and which part of it is still to be read. */
export interface OpenFile {
  readonly fd: number;
  at: number;
  left: number;
}

/** The whole answer; or its beginning, and the file that has the rest. */
export interface FileAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly file: OpenFile | undefined;
}

/**
 * @param root Its real path, as `realpathSync` gives it.
 * @param openFiles Where a small file is kept open, for those who ask for it next.
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
    // From here on the caller closes it.
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
 * @returns How many bytes, never more than were promised; 0 when it has become shorter.
 * @throws {Error} When the disk fails.
 */
export function readPiece(file: OpenFile, into: Uint8Array): number {
  const count = readSync(file.fd, into, 0, Math.min(into.length, file.left), file.at);
  file.at += count;
  file.left -= count;
  return count;
}

/** A request that no file answers. */
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

/** One write for both saves a call, and a packet. */
function withFirstPiece(head: string, file: OpenFile): FileAnswer {
  // Not `alloc`: filling it with zeros takes longer than reading a small file.
  const bytes = Buffer.allocUnsafeSlow(head.length + Math.min(file.left, PIECE));
  const start = bytes.write(head, "latin1");
  const count = readPiece(file, bytes.subarray(start));
  if (count === 0) throw new Error("the file has become shorter");
  const isAll = file.left === 0;
  return { bytes: bytes.subarray(0, start + count), file: isAll ? undefined : file };
}

/** In memory of its own, which can be transferred to another thread. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

/** The path of the segments; undefined when no file can be meant. */
function pathIn(root: string, segments: readonly string[]): string | undefined {
  const names = [...segments];
  if (names.at(-1) === "") names.splice(-1, 1, "index.html");
  const isNone = names.some((name) => name === "" || name.startsWith("."));
  // A name with a separator in it came encoded. It is one name, and no file has it.
  if (isNone || names.some((name) => name.includes("/") || name.includes(sep))) return;
  return join(root, ...names);
}

/**
 * Opens a file, if it is one, and if it is in the folder after all links.
 *
 * @throws {Error} With a code, when it cannot be opened.
 */
function openIn(root: string, path: string): number | undefined {
  const real = realpathSync.native(path);
  // Checked before the opening, because opening a device may have an effect: a tape rewinds.
  if (!isWithin(root, real) || !statSync(real).isFile()) return undefined;
  // Without O_NONBLOCK, a FIFO that has come there since would wait for a writer.
  const fd = openSync(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  // A folder on the way may have become a link since then. Linux says what we have opened.
  if (process.platform !== "linux" || isWithin(root, readlinkSync(`/proc/self/fd/${fd}`)))
    return fd;
  closeSync(fd);
  return undefined;
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * A tag that changes with every change of the content, also within a second: it has the times
 * of the last change, of content and of the inode, to the nanosecond (RFC 9110, section 8.8.3).
 *
 * @param now A file may be dated ahead; `Last-Modified` may not (section 8.8.2.1).
 */
function validatorsOf(stat: BigIntStats, now: number): Validators {
  const parts = [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs];
  const etag = `"${parts.map((part) => part.toString(36)).join("-")}"`;
  const modified = Math.min(Number(stat.mtimeMs), now);
  return { etag, modified: Math.floor(modified / 1000) * 1000 };
}
