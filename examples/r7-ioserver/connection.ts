// r7-ioserver: what a connection of HTTP goes through, as data and as one pure function.
import type { BodyReader } from "../shared/http-body.ts";
import type { Conditions } from "../shared/http-conditions.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A request whose head is whole. */
export interface Request {
  readonly method: string;
  /** Whether another may follow on this connection. */
  readonly keep: boolean;
  /** What reads its body, if it has one. */
  readonly body: BodyReader | undefined;
  /** Whether the client waits for a word of ours before it sends the body. */
  readonly expects: boolean;
  /** How long the answer is to be held back, in milliseconds. */
  readonly delay: number;
  readonly wants: Wants;
}

/** What the answer is made of. */
export type Wants =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "status"; readonly status: number }
  | {
      readonly is: "file";
      readonly segments: readonly string[];
      readonly conditions: Conditions;
    };

/** Where a connection is. It has what it needs there, and nothing else. */
export type State =
  /** Nothing has come of a request. */
  | { readonly is: "idle" }
  /** Some of a head has come. */
  | { readonly is: "head" }
  /** The head is whole, its body is not. */
  | { readonly is: "body"; readonly request: Request }
  /** The answer is held back. */
  | { readonly is: "delayed"; readonly request: Request }
  /** The answer, or more of it, is being made. */
  | { readonly is: "waiting"; readonly keep: boolean }
  /** Bytes that the kernel has not taken yet, and what comes after them. */
  | { readonly is: "writing"; readonly bytes: Bytes; readonly after: State }
  /** Our end is closed. What the client still sends is discarded. */
  | { readonly is: "lingering" }
  | { readonly is: "closed" };

/** What may happen to it. */
export type Event =
  | { readonly is: "bytes" }
  | { readonly is: "request"; readonly request: Request }
  /** What has come is no request that we take. */
  | { readonly is: "refused"; readonly status: number; readonly method: string }
  /** The body is whole. */
  | { readonly is: "body" }
  /** An answer is there, or a piece of one. */
  | { readonly is: "answer"; readonly bytes: Bytes; readonly more: boolean }
  /** There is less of it than was promised. */
  | { readonly is: "cut" }
  /** The kernel has taken so many bytes. */
  | { readonly is: "sent"; readonly count: number }
  /** The client has finished sending. */
  | { readonly is: "end" }
  /** The deadline is over. */
  | { readonly is: "late" }
  /** The connection is lost. */
  | { readonly is: "reset" };

/** What is to be done, beside going to the next state. */
export type Act =
  | { readonly do: "answer"; readonly request: Request }
  | { readonly do: "refuse"; readonly status: number; readonly method: string }
  /** Ask for the next piece of the answer, in the memory of the one that is gone. */
  | { readonly do: "more"; readonly into: Bytes }
  /** Say that no more will come. */
  | { readonly do: "finish" }
  | { readonly do: "close" }
  /** Close, and let nothing that is on its way arrive. */
  | { readonly do: "reset" };

interface Step {
  readonly state: State;
  readonly act: Act | undefined;
}

// #region table
/** By which deadline a connection leaves a state, counted from when it came there. */
export const DEADLINES = {
  idle: "idle",
  head: "head",
  body: "body",
  delayed: "delay",
  // A file worker ends, or is replaced.
  waiting: undefined,
  // Counted from the last byte that was taken.
  writing: "send",
  lingering: "linger",
  closed: undefined,
} as const satisfies Record<State["is"], string | undefined>;

/** Every way from a state: the event, and where it may lead. */
export const TRANSITIONS: {
  readonly [From in State["is"]]: {
    readonly [On in Event["is"]]?: readonly State["is"][];
  };
} = {
  idle: { bytes: ["head"], end: ["closed"], late: ["closed"], reset: ["closed"] },
  head: {
    request: ["waiting", "delayed", "body", "writing"],
    refused: ["waiting"],
    late: ["waiting"],
    end: ["closed"],
    reset: ["closed"],
  },
  body: {
    body: ["waiting", "delayed"],
    refused: ["waiting"],
    late: ["waiting"],
    end: ["closed"],
    reset: ["closed"],
  },
  delayed: { late: ["waiting"], reset: ["closed"] },
  waiting: { answer: ["writing"], cut: ["closed"], reset: ["closed"] },
  writing: {
    sent: ["writing", "idle", "waiting", "lingering", "body"],
    late: ["closed"],
    reset: ["closed"],
  },
  lingering: { end: ["closed"], late: ["closed"], reset: ["closed"] },
  closed: {},
};
// #endregion table

export const IDLE: State = { is: "idle" };
const HEAD = to({ is: "head" });
const LINGERING: State = { is: "lingering" };
const CLOSED: State = { is: "closed" };
const CLOSE = to(CLOSED, { do: "close" });
const RESET = to(CLOSED, { do: "reset" });
/** RFC 9110, section 15.2.1. */
const CONTINUE = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");

/**
 * Where an event leads, and what is to be done. It looks at nothing but what it is given, and
 * changes nothing.
 *
 * @throws {Error} When the event cannot happen in that state: `TRANSITIONS` has no way.
 */
export function next(state: State, event: Event): Step {
  if (event.is === "reset" && state.is !== "closed") return CLOSE;
  switch (state.is) {
    case "idle":
      if (event.is === "bytes") return HEAD;
      if (event.is === "end" || event.is === "late") return CLOSE;
      break;
    case "head":
      if (event.is === "request") return afterHead(event.request);
      if (event.is === "refused") return refuse(event.status, event.method);
      if (event.is === "late") return refuse(408, "GET");
      // Half a request, and no more: no request to answer (RFC 9112, section 8).
      if (event.is === "end") return CLOSE;
      break;
    case "body":
      if (event.is === "body") return afterBody(state.request);
      if (event.is === "refused") return refuse(event.status, state.request.method);
      if (event.is === "late") return refuse(408, state.request.method);
      if (event.is === "end") return CLOSE;
      break;
    case "delayed":
      if (event.is === "late") return answer(state.request);
      break;
    case "waiting":
      if (event.is === "answer") {
        const after = event.more ? state : state.keep ? IDLE : LINGERING;
        return to({ is: "writing", bytes: event.bytes, after });
      }
      // The client must not take what comes next for the rest: nothing comes next.
      if (event.is === "cut") return CLOSE;
      break;
    case "writing":
      if (event.is === "sent") return afterWrite(state, event.count);
      if (event.is === "late") return RESET;
      break;
    case "lingering":
      if (event.is === "end" || event.is === "late") return CLOSE;
      break;
    case "closed":
      break;
    default:
      state satisfies never;
  }
  throw new Error(`Cannot take the event "${event.is}": the connection is ${state.is}`);
}

/** A request is answered when its body is whole; it might be wrong to its last byte. */
function afterHead(request: Request): Step {
  if (request.body === undefined) return afterBody(request);
  const body: State = { is: "body", request };
  return request.expects ? to({ is: "writing", bytes: CONTINUE, after: body }) : to(body);
}

function afterBody(request: Request): Step {
  return request.delay > 0 ? to({ is: "delayed", request }) : answer(request);
}

function answer(request: Request): Step {
  return to({ is: "waiting", keep: request.keep }, { do: "answer", request });
}

/** Nothing is read after a refusal: where the next request begins is unknown. */
function refuse(status: number, method: string): Step {
  return to({ is: "waiting", keep: false }, { do: "refuse", status, method });
}

function afterWrite(state: State & { is: "writing" }, count: number): Step {
  const { bytes, after } = state;
  if (count < bytes.length) return to({ ...state, bytes: bytes.subarray(count) });
  if (after.is === "waiting") return to(after, { do: "more", into: bytes });
  // Not `close`: with input unread it would reset the connection, and the answer might be
  // lost on its way (RFC 9112, section 9.6).
  return after.is === "lingering" ? to(after, { do: "finish" }) : to(after);
}

function to(state: State, act?: Act): Step {
  return { state, act };
}
