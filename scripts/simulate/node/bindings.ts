// internalBinding: the part of Node's C++ that net, streams and readline need.
import { constants } from "node:os";
import { types } from "node:util";
import { ERRORS, nameOf, UV } from "./errors.ts";
import * as stream from "./stream-wrap.ts";
import { TCP, TCPConnectWrap } from "./tcp-wrap.ts";

/** The library asks whether a value is one of these; here none ever is. */
class Nothing {}

const BINDINGS: Record<string, Record<string, unknown>> = {
  tcp_wrap: {
    TCP,
    TCPConnectWrap,
    constants: { SOCKET: 0, SERVER: 1, UV_TCP_IPV6ONLY: 1 },
  },
  pipe_wrap: { Pipe: Nothing, PipeConnectWrap: Nothing, constants: {} },
  stream_wrap: {
    LibuvStreamWrap: stream.LibuvStreamWrap,
    ShutdownWrap: stream.ShutdownWrap,
    WriteWrap: stream.WriteWrap,
    streamBaseState: stream.STATE,
    kReadBytesOrError: stream.READ,
    kArrayBufferOffset: stream.OFFSET,
    kBytesWritten: stream.WRITTEN,
    kLastWriteWasAsync: stream.WRITTEN_LATER,
  },
  uv: { ...UV, errname: nameOf, getErrorMap: () => ERRORS },
  types,
  util: {
    constants: {},
    privateSymbols: {
      arrow_message_private_symbol: Symbol("arrow"),
      decorated_private_symbol: Symbol("decorated"),
    },
    isArrayBufferDetached: () => false,
    WeakReference: Nothing,
  },
  constants: { os: constants },
  string_decoder: { encodings: [] },
  errors: { triggerUncaughtException: rethrow },
  messaging: { DOMException },
  fs: { writeBuffer: Nothing },
};

/** @throws {Error} When there is no such binding: the library needs more than we have. */
export function internalBinding(name: string): Record<string, unknown> {
  const binding = BINDINGS[name];
  if (binding === undefined) throw new Error(`Cannot find the binding ${name}`);
  return binding;
}

function rethrow(error: unknown): never {
  throw error;
}
