// What one run of a load measured.

export interface TalkResult {
  readonly kind: "talk";
  /** Lines that arrived at a member during the measurement. */
  readonly deliveries: number;
  /** How long the measurement took. */
  readonly seconds: number;
  /** CPU time of the server in that time, user and system, in seconds. */
  readonly cpu: number;
  /** The share of a core that the bench itself used in that time: 1 is a whole core. */
  readonly ownCpu: number;
  /** Resident memory of the server at the end, in bytes. */
  readonly memory: number;
  /** In milliseconds, for a sample of the members. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Lines checked for sender, number and order, from the first to the last. */
  readonly checked: number;
  /** Lines that never arrived; those that the server reported; lines that arrived twice. */
  readonly missing: number;
  readonly reported: number;
  readonly doubled: number;
  /** Clients that the server disconnected. */
  readonly lostClients: number;
  /** What was wrong with the bytes, if anything. It ended the run. */
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
  /** Seconds from the first connection until the last line arrived. */
  readonly seconds: number;
  readonly cpu: number;
  readonly lostClients: number;
}

export interface ChurnResult {
  readonly kind: "churn";
  /** Clients that connected, talked and left during the measurement. */
  readonly cycles: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly lostClients: number;
}

/** The figures of an HTTP server. */
export interface HttpFigures {
  /** Responses that arrived during the measurement. */
  readonly requests: number;
  readonly seconds: number;
  /** The next three are those of a talk. */
  readonly cpu: number;
  readonly ownCpu: number;
  readonly memory: number;
  /** From writing the requests, or from connecting, until a response is complete. */
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

/** The figures of an HTTP server with connections that stay open. */
export interface KeepResult {
  readonly kind: "keep";
  readonly clients: number;
  /** Resident memory that a connection costs, in bytes. */
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
