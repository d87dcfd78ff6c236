// r7-ioserver: the states of an HTTP connection, as data and as one pure function.
import type { BodyReader } from "../shared/http-body.ts";
import type { Conditions } from "../shared/http-conditions.ts";

type Bytes = Uint8Array<ArrayBuffer>;

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
export type Wants =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "status"; readonly status: number }
  | {
      readonly is: "file";
      readonly segments: readonly string[];
      readonly conditions: Conditions;
    };

/** The state of a connection, with the data that this state needs and no more. */
export type State =
  /** No byte of a request has arrived. */
  | { readonly is: "idle" }
  /** Part of a head has arrived. */
  | { readonly is: "head" }
  /** The head is complete, the body is not. */
  | { readonly is: "body"; readonly request: Request }
  /** The answer is being delayed. */
  | { readonly is: "delayed"; readonly request: Request }
  /** The answer, or its next piece, is being made. */
  | { readonly is: "waiting"; readonly keep: boolean }
  /** Bytes are waiting for room in the kernel; `after` is the state that follows. */
  | { readonly is: "writing"; readonly bytes: Bytes; readonly after: State }
  /** We have half-closed the connection. Further input is discarded. */
  | { readonly is: "lingering" }
  | { readonly is: "closed" };

/** What can happen to a connection. */
export type Event =
  | { readonly is: "bytes" }
  | { readonly is: "request"; readonly request: Request }
  /** The input is not a request that we accept. */
  | { readonly is: "refused"; readonly status: number; readonly method: string }
  /** The body is complete. */
  | { readonly is: "body" }
  /** An answer, or a piece of one, is ready. */
  | { readonly is: "answer"; readonly bytes: Bytes; readonly more: boolean }
  /** The answer is shorter than its head promised. */
  | { readonly is: "cut" }
  /** The kernel has accepted `count` bytes. */
  | { readonly is: "sent"; readonly count: number }
  /** The client has finished sending. */
  | { readonly is: "end" }
  /** The deadline has passed. */
  | { readonly is: "late" }
  /** The connection is lost. */
  | { readonly is: "reset" };

/** A side effect of a step, performed by the caller. */
export type Act =
  | { readonly do: "answer"; readonly request: Request }
  | { readonly do: "refuse"; readonly status: number; readonly method: string }
  /** Ask for the next piece of the answer, reusing the memory of the piece just sent. */
  | { readonly do: "more"; readonly into: Bytes }
  /** Half-close: we will send no more. */
  | { readonly do: "finish" }
  | { readonly do: "close" }
  /** Close with a reset, discarding whatever is in flight. */
  | { readonly do: "reset" };

interface Step {
  readonly state: State;
  readonly act: Act | undefined;
}

// #region table
/** The deadline of each state, counted from when a connection enters it. */
export const DEADLINES = {
  idle: "idle",
  head: "head",
  body: "body",
  delayed: "delay",
  // No deadline: a file worker either answers or dies, and both are events.
  waiting: undefined,
  // Counted from the last byte that the kernel accepted.
  writing: "send",
  lingering: "linger",
  closed: undefined,
} as const satisfies Record<State["is"], string | undefined>;

/** Every transition: for each state and event, the states that it may lead to. */
export const TRANSITIONS: {
  readonly [From in State["is"]]: {
    readonly [On in Event["is"]]?: readonly State["is"][];
  };
} = {
  idle: { bytes: ["head"], end: ["closed"], late: ["lingering"], reset: ["closed"] },
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
/**
 * Not `close`: with unread input it would reset the connection, and an answer could be lost
 * in transit (RFC 9112, section 9.6).
 */
const LINGER = to(LINGERING, { do: "finish" });
const CLOSED: State = { is: "closed" };
const CLOSE = to(CLOSED, { do: "close" });
const RESET = to(CLOSED, { do: "reset" });
/** RFC 9110, section 15.2.1. */
const CONTINUE = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");

/**
 * Returns the next state, and the act to perform. The result depends only on the arguments,
 * and nothing is changed.
 *
 * @throws {Error} If the event cannot happen in that state, according to `TRANSITIONS`.
 */
export function next(state: State, event: Event): Step {
  if (event.is === "reset" && state.is !== "closed") return CLOSE;
  switch (state.is) {
    case "idle":
      if (event.is === "bytes") return HEAD;
      if (event.is === "end") return CLOSE;
      if (event.is === "late") return LINGER;
      break;
    case "head":
      if (event.is === "request") return afterHead(event.request);
      if (event.is === "refused") return refuse(event.status, event.method);
      if (event.is === "late") return refuse(408, "GET");
      // An incomplete request needs no answer (RFC 9112, section 8).
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
      // The client would take anything sent next for the rest of this answer, so close.
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
  throw new Error(`Cannot handle the event "${event.is}": the connection is ${state.is}`);
}

/** A request is answered once its body is complete: even its last byte may be malformed. */
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

/** Nothing after a refusal is parsed, because the next request's start is unknown. */
function refuse(status: number, method: string): Step {
  return to({ is: "waiting", keep: false }, { do: "refuse", status, method });
}

function afterWrite(state: State & { is: "writing" }, count: number): Step {
  const { bytes, after } = state;
  if (count < bytes.length) return to({ ...state, bytes: bytes.subarray(count) });
  if (after.is === "waiting") return to(after, { do: "more", into: bytes });
  return after.is === "lingering" ? LINGER : to(after);
}

function to(state: State, act?: Act): Step {
  return { state, act };
}
