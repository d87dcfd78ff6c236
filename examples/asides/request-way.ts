// The path of one request through r5's states: a large file, on a persistent connection.
// Page: docs/r5-state-machine.md
import {
  DEADLINES,
  type Event,
  IDLE,
  next,
  type Request,
  type State,
} from "../r5-state-machine/connection.ts";

const request: Request = {
  method: "GET",
  keep: true,
  body: undefined,
  expects: false,
  delay: 0,
  wants: { is: "file", segments: ["large.bin"], conditions: {} },
};
const head = new Uint8Array(300);
const piece = new Uint8Array(200);
const events: Event[] = [
  { is: "bytes" },
  { is: "request", request },
  { is: "answer", bytes: head, more: true },
  // The kernel takes a part, and the rest once it has room again.
  { is: "sent", count: 100 },
  { is: "sent", count: 200 },
  { is: "answer", bytes: piece, more: false },
  { is: "sent", count: 200 },
];

let state: State = IDLE;
for (const event of events) {
  const { state: after, act } = next(state, event);
  const deadline = DEADLINES[after.is] ?? "none";
  const row = [state.is, event.is, after.is, act?.do ?? "-", deadline];
  console.log(
    row
      .map((word) => word.padEnd(10))
      .join("")
      .trimEnd(),
  );
  state = after;
}
