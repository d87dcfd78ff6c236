// r8-runtime: what a request asks for, once its head has been read.

import { methodStatus } from "../shared/http.ts";
import { BodyReader } from "../shared/http-body.ts";
import { CONDITIONS, type Conditions } from "../shared/http-conditions.ts";
import type { HeadReader } from "../shared/http-head.ts";
import { pathOf } from "../shared/http-target.ts";
import { type Found, Router } from "../shared/router.ts";

/** A request whose head is complete. */
export interface Request {
  readonly method: string;
  /** Whether another request may follow on this connection. */
  readonly keep: boolean;
  /** The reader of its body, if it has one. */
  readonly body: BodyReader | undefined;
  /** Whether the client waits for our 100 Continue before it sends the body. */
  readonly expects: boolean;
  /** How long to delay the answer, in milliseconds. */
  readonly delay: number;
  readonly wants: Wants;
}

/** What to answer with. */
type Wants =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "status"; readonly status: number }
  /** The rooms of a chat server, which has to be asked. */
  | { readonly is: "rooms" }
  | {
      readonly is: "file";
      readonly segments: readonly string[];
      readonly conditions: Conditions;
    };

/** The longest delay that `/slow` accepts, in milliseconds. */
const SLOWEST = 600_000;

type Answer = Pick<Request, "delay" | "wants">;
type Handler = (found: Found<Handler>, head: HeadReader) => Answer;

/** GET and HEAD share their routes, because their answers differ only in the body. */
const router = new Router<Handler>();
router.add("GET", "/hello/:name", ({ params }) => ({
  delay: 0,
  wants: { is: "text", text: `Hello, ${params["name"]}!\n` },
}));
router.add("GET", "/slow/:ms/*", ({ params, rest }, head) => {
  const text = params["ms"] ?? "";
  const delay = /^\d{1,9}$/.test(text) ? Number(text) : Infinity;
  if (delay > SLOWEST) return asStatus(404);
  return { delay, wants: fileAt(rest, head) };
});
router.add("GET", "/rooms", () => ({ delay: 0, wants: { is: "rooms" } }));
router.add("GET", "/*", ({ rest }, head) => ({ delay: 0, wants: fileAt(rest, head) }));

function fileAt(segments: readonly string[], head: HeadReader): Wants {
  const conditions: Conditions = {};
  for (const name of CONDITIONS) {
    const value = head.field(name);
    if (value !== undefined) conditions[name] = value;
  }
  return { is: "file", segments, conditions };
}

/**
 * Makes a request from the head that a reader has just read.
 *
 * @param bodyLimit The longest body that is accepted, in bytes.
 * @returns The request, or a status with which to refuse it without reading its body.
 */
export function requestOf(head: HeadReader, bodyLimit: number): Request | number {
  const { method, framing, keepAlive: keep } = head;
  if (typeof framing === "number" && framing > bodyLimit) return 413;
  // An expectation in an HTTP/1.0 request is ignored (RFC 9110, section 10.1.1).
  const expected = head.isOld ? undefined : head.field("expect")?.toLowerCase();
  if (expected !== undefined && expected !== "100-continue") return 417;
  const answer = answerTo(head);
  if (typeof answer === "number") return answer;
  const { delay, wants } = answer;
  const body = framing === 0 ? undefined : new BodyReader(framing, bodyLimit);
  return { method, keep, body, expects: expected !== undefined, delay, wants };
}

function answerTo(head: HeadReader): Answer | number {
  const { method, target } = head;
  // It asks about the server as a whole (RFC 9112, section 3.2.4).
  if (method === "OPTIONS" && target === "*") return asStatus(204);
  // Its target is a server, not a path (section 3.2.3).
  if (method === "CONNECT") return asStatus(405);
  const path = pathOf(target);
  if (path === undefined) return 400;
  const status = methodStatus(method);
  if (status !== 200) return asStatus(status);
  const found = router.find("GET", path);
  return found ? found.value(found, head) : asStatus(404);
}

function asStatus(status: number): Answer {
  return { delay: 0, wants: { is: "status", status } };
}
