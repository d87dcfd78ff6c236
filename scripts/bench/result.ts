// What a run of a load found.

export interface TalkResult {
  readonly kind: "talk";
  /** Lines that arrived at a member while it was measured. */
  readonly deliveries: number;
  /** How long was measured. */
  readonly seconds: number;
  /** Processor time of the server meanwhile, user and system, in seconds. */
  readonly cpu: number;
  /** How much of a core the bench itself took meanwhile: 1 is all of it. */
  readonly ownCpu: number;
  /** Resident memory of the server at the end, in bytes. */
  readonly memory: number;
  /** In milliseconds, of a sample of the members. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Lines checked for sender, number and order, from the first to the last. */
  readonly checked: number;
  /** Lines that never came, of which the server reported `told`; lines that came twice. */
  readonly missing: number;
  readonly told: number;
  readonly doubled: number;
  /** Clients that the server disconnected. */
  readonly lostClients: number;
  /** What was wrong with the bytes, if something was: the run ended there. */
  readonly broken: string | undefined;
}

export interface IdleResult {
  readonly kind: "idle";
  readonly clients: number;
  /** Resident memory that a connection costs, in bytes. */
  readonly memoryEach: number;
  /** Seconds until all were connected and greeted. */
  readonly seconds: number;
  readonly cpu: number;
  readonly lostClients: number;
}

export interface StormResult {
  readonly kind: "storm";
  readonly clients: number;
  /** Seconds from the first connection until the last line had come. */
  readonly seconds: number;
  readonly cpu: number;
  readonly lostClients: number;
}

export interface ChurnResult {
  readonly kind: "churn";
  /** Clients that came, talked and left while it was measured. */
  readonly cycles: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly lostClients: number;
}

/** Of a server of HTTP. */
export interface HttpFigures {
  /** Responses that came while it was measured. */
  readonly requests: number;
  readonly seconds: number;
  /** As of a talk. */
  readonly cpu: number;
  readonly ownCpu: number;
  readonly memory: number;
  /** From the requests' write, or from the connect, until a response is whole. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
}

interface GetResult extends HttpFigures {
  readonly kind: "get";
}

interface FileResult extends HttpFigures {
  readonly kind: "file";
}

export interface VisitResult extends HttpFigures {
  readonly kind: "visit";
}

/** Of a server of HTTP with connections that stay. */
export interface KeepResult {
  readonly kind: "keep";
  readonly clients: number;
  /** As of an idle crowd. */
  readonly memoryEach: number;
  readonly seconds: number;
  readonly cpu: number;
}

export type Result =
  | TalkResult
  | IdleResult
  | StormResult
  | ChurnResult
  | GetResult
  | FileResult
  | VisitResult
  | KeepResult;
