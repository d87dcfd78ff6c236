// r8-runtime: the life of a connection as a coroutine. Each `yield*` is a state of r5.
import { type Steps, wait } from "../shared/runtime/coroutine.ts";
import {
  type Connection,
  GONE,
  isRefusal,
  type Refusal,
  refusalOf,
} from "./connection.ts";

/** Serves one client until either side closes the connection. */
export function* serve(connection: Connection): Steps<void> {
  try {
    yield* answerAll(connection);
  } finally {
    connection.close();
  }
}

// #region answers
function* answerAll(connection: Connection): Steps<void> {
  while (yield* wait(connection.begins())) {
    const request = yield* wait(connection.head());
    if (request === undefined) return;
    if (isRefusal(request)) return yield* refuse(connection, request);
    if (request.body) {
      if (request.expects && !(yield* wait(connection.sendContinue()))) return;
      const body = yield* wait(connection.body(request));
      if (body === undefined) return;
      if (body !== "whole") return yield* refuse(connection, body);
    }
    if (request.delay > 0 && !(yield* wait(connection.delay(request.delay)))) return;
    const keep = connection.keeps(request);
    const reply = connection.answer(request, keep);
    try {
      for (let more = true; more; ) {
        const piece = yield* wait(connection.unlessGone(reply.next()));
        // Cut short. The client would take another answer for the rest of this one.
        if (piece === GONE || piece === undefined) return;
        if (!(yield* wait(connection.send(piece.bytes)))) return;
        more = piece.more;
      }
    } finally {
      reply.close();
    }
    if (!keep) break;
  }
  yield* wait(connection.linger());
}
// #endregion answers

/** Nothing after a refusal is parsed, because the next request's start is unknown. */
function* refuse(connection: Connection, refusal: Refusal): Steps<void> {
  if (yield* wait(connection.send(refusalOf(refusal)))) yield* wait(connection.linger());
}
