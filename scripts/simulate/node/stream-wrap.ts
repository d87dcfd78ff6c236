// internalBinding("stream_wrap"): what a binding and Node's library tell each other about a
// read or a write.

/** The index of each number in `STATE` (node's src/stream_base.h). */
export const READ = 0;
export const OFFSET = 1;
export const WRITTEN = 2;
export const WRITTEN_LATER = 3;
export const STATE = new Int32Array(5);

/** An operation that completes later. The library sets `oncomplete`. */
export class Request {
  declare oncomplete: (status: number, ...details: unknown[]) => void;
}

export class WriteWrap extends Request {}
export class ShutdownWrap extends Request {}
export class LibuvStreamWrap {}
