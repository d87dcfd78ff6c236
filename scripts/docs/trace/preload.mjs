// Records what a server does with its connections, as it happens, one JSON line per event:
//
//   node --import tsx --import './scripts/docs/trace/preload.mjs?out=/tmp/trace.jsonl' \
//     examples/08-chat/server.ts
//
// It does not change the server's behaviour: it wraps the methods of each socket that the
// server accepts, and passes on arguments and results. raw-events.ts describes the lines.
// Plain JavaScript, so it runs wherever the server runs.
import { Buffer } from "node:buffer";
import { openSync, writeSync } from "node:fs";
import { Server } from "node:net";
import { performance } from "node:perf_hooks";
import { cause, setCause } from "./causes.mjs";

/** The most bytes of a text to record. */
const LONGEST = 4096;

const out = new URL(import.meta.url).searchParams.get("out");
if (out === null) throw new Error("Cannot trace: name the file, as in preload.mjs?out=F");
const file = openSync(out, "w");
let events = 0;
let connections = 0;

/** Writes at once, so a killed server leaves a complete trace. @returns its number */
function record(kind, details = {}) {
  events += 1;
  const t = Math.round(performance.now() * 1000) / 1000;
  const because = cause() || undefined;
  writeSync(file, `${JSON.stringify({ event: events, t, kind, ...details, because })}\n`);
  return events;
}

/** Replaces an own or inherited method of an object. */
function wrap(object, name, make) {
  const value = make(object[name]);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}

function pieceOf(data, encoding) {
  const bytes =
    typeof data === "string" ? Buffer.from(data, encoding) : Buffer.from(data);
  return { bytes: bytes.length, text: bytes.toString("utf8", 0, LONGEST) };
}

wrap(
  Server.prototype,
  "emit",
  (emit) =>
    function (name, ...values) {
      if (name === "listening") record("listens");
      if (name === "connection") watch(values[0]);
      return emit.call(this, name, ...values);
    },
);
process.on("exit", (code) => record("exits", { code }));

function watch(socket) {
  connections += 1;
  const connection = connections;
  const accepted = record("accepts", { connection, port: socket.remotePort });
  setCause(accepted);
  const note = (kind, details) => record(kind, { connection, ...details });
  let attended = false;
  /** Records that the program first does something with the socket. */
  const attend = () => {
    if (!attended) note("attends");
    attended = true;
  };

  // What the system delivers, before the program asks for it.
  wrap(
    socket,
    "push",
    (push) =>
      function (chunk, encoding) {
        setCause(
          chunk === null ? note("gets-end") : note("gets", pieceOf(chunk, encoding)),
        );
        return push.call(this, chunk, encoding);
      },
  );
  wrap(
    socket,
    "emit",
    (emit) =>
      function (name, ...values) {
        if (name === "data") {
          attend();
          setCause(note("reads", pieceOf(values[0], this.readableEncoding ?? "utf8")));
        }
        if (name === "end") setCause(note("reads-end"));
        if (name === "error")
          setCause(note("fails", { text: values[0].code ?? values[0].message }));
        if (name === "drain") note("drains");
        if (name === "close") setCause(note("closes", { failed: values[0] === true }));
        return emit.call(this, name, ...values);
      },
  );
  wrap(
    socket,
    "write",
    (write) =>
      function (data, encoding, callback) {
        attend();
        const late = this.destroyed || this.writableEnded;
        const [coding, whenDone] =
          typeof encoding === "function" ? [undefined, encoding] : [encoding, callback];
        const piece = late ? undefined : pieceOf(data, coding);
        const number = piece && note("writes", piece);
        return write.call(this, data, coding, (error) => {
          if (number && !error) note("hands-over", { write: number });
          whenDone?.(error);
        });
      },
  );
  wrap(
    socket,
    "end",
    (end) =>
      function (...values) {
        attend();
        if (!this.writableEnded && !this.destroyed) {
          const [data, encoding] = values;
          if (data != null && typeof data !== "function")
            note("writes", pieceOf(data, encoding));
          note("ends");
        }
        return end.apply(this, values);
      },
  );
  wrap(
    socket,
    "destroy",
    (destroy) =>
      function (...values) {
        if (!this.destroyed) note("destroys");
        return destroy.apply(this, values);
      },
  );
  for (const name of ["on", "addListener", "once", "resume"]) {
    wrap(
      socket,
      name,
      (method) =>
        function (...values) {
          attend();
          return method.apply(this, values);
        },
    );
  }
}
