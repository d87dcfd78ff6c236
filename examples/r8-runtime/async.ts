// r8-runtime: the life of a connection as an async function. Each `await` is a state of r5.
import type { Scope } from "../shared/runtime/scope.ts";
import {
  type Connection,
  GONE,
  isRefusal,
  type Refusal,
  refusalOf,
} from "./connection.ts";

/** Serves one client until either side closes the connection. */
export async function serve(scope: Scope, connection: Connection): Promise<void> {
  try {
    await answerAll(scope, connection);
  } finally {
    connection.close();
  }
}

// #region answers
/** Answers requests one after another. */
export async function answerAll(scope: Scope, connection: Connection): Promise<void> {
  while (await scope.wait(connection.begins())) {
    const request = await scope.wait(connection.head());
    if (request === undefined) return;
    if (isRefusal(request)) return refuse(scope, connection, request);
    if (request.body) {
      if (request.expects && !(await scope.wait(connection.sendContinue()))) return;
      const body = await scope.wait(connection.body(request));
      if (body === undefined) return;
      if (body !== "whole") return refuse(scope, connection, body);
    }
    if (request.delay > 0 && !(await scope.wait(connection.delay(request.delay)))) return;
    const keep = connection.keeps(request);
    const reply = connection.answer(request, keep);
    try {
      for (let more = true; more; ) {
        const piece = await scope.wait(connection.unlessGone(reply.next()));
        // Cut short. The client would take another answer for the rest of this one.
        if (piece === GONE || piece === undefined) return;
        if (!(await scope.wait(connection.send(piece.bytes)))) return;
        more = piece.more;
      }
    } finally {
      reply.close();
    }
    if (!keep) break;
  }
  await scope.wait(connection.linger());
}
// #endregion answers

/** Nothing after a refusal is parsed, because the next request's start is unknown. */
async function refuse(
  scope: Scope,
  connection: Connection,
  refusal: Refusal,
): Promise<void> {
  if (await scope.wait(connection.send(refusalOf(refusal))))
    await scope.wait(connection.linger());
}
