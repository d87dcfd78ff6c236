// The path of one request through the async function of r8: where it waits, next to the
// state that r5 would be in.
// Page: docs/r8-runtime.md
import { answerAll } from "../r8-runtime/async.ts";
import type { Connection } from "../r8-runtime/connection.ts";
import type { Request } from "../r8-runtime/routes.ts";
import { ready } from "../shared/runtime/future.ts";
import type { Scope } from "../shared/runtime/scope.ts";

/** The state of r5 for each wait. */
const STATES = {
  begins: "idle",
  head: "head",
  piece: "waiting",
  send: "writing",
  linger: "lingering",
};
const request: Request = {
  method: "GET",
  keep: true,
  body: undefined,
  expects: false,
  delay: 0,
  wants: { is: "text", text: "" },
};
const bytes = new Uint8Array(200);
/** One request, whose answer has two pieces. */
const requests = [true, false];
const pieces = [
  { bytes, more: true },
  { bytes, more: false },
];

const waits = <Value>(at: keyof typeof STATES, value: Value) => {
  console.log(`${STATES[at].padEnd(10)}await ${at}`);
  return ready(value);
};
const connection = {
  begins: () => waits("begins", requests.shift() ?? false),
  head: () => waits("head", request),
  keeps: () => true,
  answer: () => ({ next: () => waits("piece", pieces.shift()), close() {} }),
  unlessGone: <Future>(future: Future) => future,
  send: () => waits("send", true),
  linger: () => waits("linger", undefined),
} as unknown as Connection;
const scope = {
  wait: (future: ReturnType<typeof ready>) => future.poll(undefined as never),
} as unknown as Scope;

await answerAll(scope, connection);
console.log(`${"closed".padEnd(10)}return`);
