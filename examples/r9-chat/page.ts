// r9-chat: the web page, another way into the same chat: its files, events and messages.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { methodStatus, problem, responseHead } from "../shared/http.ts";
import { conditionStatus } from "../shared/http-conditions.ts";
import { pathOf } from "../shared/http-target.ts";
import { Router } from "../shared/router.ts";
import type { Steps } from "../shared/runtime/coroutine.ts";
import { safeTextOf } from "../shared/safe-text.ts";
import type { Sessions } from "./sessions.ts";
import type { Request } from "./visit.ts";

/** The page loads nothing from other origins, and no other site can put it in a frame. */
const SAFETY = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
/** The response has no length: it ends with the connection. */
const EVENTS = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
/** Characters that a line cannot contain. */
const LINE_END = /[\r\n]/;

/** What a path leads to. */
type Route =
  | {
      readonly is: "file";
      readonly body: Buffer;
      readonly type: string;
      readonly etag: string;
    }
  | { readonly is: "events" }
  | { readonly is: "say" };

/** The answer as bytes, or "events" when the connection becomes a user's. */
type Outcome = Buffer | "events";

export class Page {
  readonly #sessions: Sessions;
  readonly #name: string;
  readonly #routes = new Router<Route>();
  /** In milliseconds, rounded down to a second, because HTTP dates have no fractions. */
  readonly #modified = Date.now() - (Date.now() % 1000);

  /** @param name The server's host name, besides `localhost` and its addresses. */
  constructor(sessions: Sessions, name: string) {
    this.#sessions = sessions;
    this.#name = name.toLowerCase();
    this.#routes.add("GET", "/", fileOf("index.html", "text/html"));
    this.#routes.add("GET", "/page.css", fileOf("page.css", "text/css"));
    this.#routes.add("GET", "/page.js", fileOf("page.js", "text/javascript"));
    this.#routes.add("GET", "/events", { is: "events" });
    this.#routes.add("POST", "/say", { is: "say" });
  }

  /** Answers a request, or returns "events" when its connection becomes a user's. */
  *answer(request: Request): Steps<Outcome> {
    const { method, target, host } = request;
    if (method === "OPTIONS" && target === "*") return answerTo(request, 204);
    const path = pathOf(target);
    if (path === undefined || host === undefined) return problemTo(request, 400);
    // A page under another name for our address would count as ours (DNS rebinding).
    if (!this.#isOurs(host)) return problemTo(request, 421);
    const found = this.#routes.find(method === "HEAD" ? "GET" : method, path);
    if (found === undefined) return this.#notFound(request, path);
    const route = found.value;
    if (route.is === "file") return this.#file(request, route);
    if (!isFromOurPage(request)) return problemTo(request, 403);
    if (route.is === "say") return yield* this.#say(request);
    return method === "HEAD" ? answerTo(request, 200, EVENTS) : "events";
  }

  #notFound(request: Request, path: string): Buffer {
    if (methodStatus(request.method) === 501) return problemTo(request, 501);
    const methods = ["GET", "POST"].filter((one) => this.#routes.find(one, path));
    if (methods.length === 0) return problemTo(request, 404);
    const Allow = methods.join(", ").replace("GET", "GET, HEAD");
    return problemTo(request, 405, { Allow });
  }

  *#say(request: Request): Steps<Buffer> {
    const line = safeTextOf(request.body);
    if (line === undefined || LINE_END.test(request.body.toString("latin1"))) {
      return problemTo(request, 400);
    }
    const isTaken = yield* this.#sessions.say(request.key ?? "", line);
    return isTaken ? answerTo(request, 204) : problemTo(request, 403);
  }

  #file(request: Request, { body, type, etag }: Route & { is: "file" }): Buffer {
    const fields = { "Cache-Control": "no-cache", ETag: etag };
    const validators = { etag, modified: this.#modified };
    const status = conditionStatus(request.conditions, validators);
    if (status === 412) return problemTo(request, 412);
    if (status === 304) return answerTo(request, 304, fields);
    return answerTo(request, 200, { ...fields, "Content-Type": type }, body);
  }

  /** Any address is ours: unlike a name, it cannot be rebound to another machine. */
  #isOurs(authority: string): boolean {
    const host = authority.replace(/:\d*$/, "").toLowerCase();
    const isAddress = isIP(host.replace(/^\[(.*)\]$/, "$1")) > 0;
    return isAddress || host === "localhost" || host === this.#name;
  }
}

/** The head of the response whose body is the event stream. */
export function beginEvents(): Buffer {
  return Buffer.from(responseHead(200, { ...EVENTS, Connection: "close", ...SAFETY }));
}

/**
 * Whether a request was sent by our own page, or not by a browser. A browser names the
 * origin of another site's page, which cannot hide it (Fetch Standard, `Origin` header;
 * Fetch Metadata).
 */
function isFromOurPage({ host, origin, site }: Request): boolean {
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return origin === undefined || /^https?:\/\/(.*)$/.exec(origin)?.[1] === host;
}

function fileOf(name: string, type: string): Route {
  const body = readFileSync(new URL(`page/${name}`, import.meta.url));
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 16);
  return { is: "file", body, type: `${type}; charset=utf-8`, etag: `"${hash}"` };
}

function answerTo(
  { method, keep }: Request,
  status: number,
  fields: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Buffer {
  const length = body ? { "Content-Length": body.length } : {};
  const connection = { Connection: keep ? "keep-alive" : "close" };
  const all = { ...fields, ...length, ...connection, ...SAFETY };
  const head = Buffer.from(responseHead(status, all));
  return body && method !== "HEAD" ? Buffer.concat([head, body]) : head;
}

function problemTo(
  { method, keep }: Request,
  status: number,
  more: Readonly<Record<string, string>> = {},
): Buffer {
  const connection = { Connection: keep ? "keep-alive" : "close" };
  return Buffer.from(problem(status, method, { ...connection, ...SAFETY, ...more }));
}
