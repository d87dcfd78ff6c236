// A trace as data: a real run of a session, as it went between clients and server.

/** The numbers in `from`, `because` and `carries` are places in the list of events, from 0. */
export type TraceEvent =
  | {
      /** The client that does it. */
      readonly at: string;
      readonly kind: "connects" | "refused" | "leaves" | "resets";
    }
  | {
      readonly at: string;
      readonly kind: "sends";
      readonly text: string;
    }
  | {
      readonly at: string;
      readonly kind: "receives" | "closed";
      /** What the server did, that came here. */
      readonly from: number;
    }
  | ServerEvent;

type ServerEvent = { readonly at: "server" } & (
  | {
      /**
       * - `accepts`: Node has taken the connection from the system
       * - `attends`: the program has turned to it (recorded only when that is later)
       * - `gets`: Node has taken a message from the system (recorded only when it is read later)
       * - `reads-end`: the program sees that the client has finished
       * - `loses`: the connection is broken
       */
      readonly kind: "accepts" | "attends" | "gets" | "reads-end" | "loses";
      readonly peer: string;
      /** The client's action that came here. */
      readonly from: number;
      readonly because?: number;
    }
  | {
      readonly kind: "reads";
      readonly peer: string;
      /** What the program has read of the message: all, or a part. */
      readonly text: string;
      readonly from: number;
      readonly because?: number;
    }
  | {
      readonly kind: "writes";
      readonly peer: string;
      /** Without the help text, if that is in it. */
      readonly text: string;
      /** It begins with the help text. */
      readonly help?: true;
      /** The event that led to it, by the promises that it has settled. */
      readonly because?: number;
      /** The `reads` whose text is in this text too, word for word, and in no other's. */
      readonly carries?: number;
    }
  | { readonly kind: "ends"; readonly peer: string; readonly because?: number }
  | { readonly kind: "exits" }
);

export interface Trace {
  /** The server, as the session names it. */
  readonly server: string;
  /** What the clients of the session do: by it a session knows its trace. */
  readonly actions: readonly string[];
  readonly clients: readonly string[];
  /**
   * In an order in which they can have happened, and the server's own in the order in
   * which they did: causes stand above effects. What is not ordered by a cause, such as the
   * arrival of one message at two clients, stands in a fixed order, so that a run that differs
   * in nothing else gives the same trace.
   */
  readonly events: readonly TraceEvent[];
}
