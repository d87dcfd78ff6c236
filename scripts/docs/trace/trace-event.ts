// A trace as data: a real run of a session between clients and a server.

/** `from`, `because` and `carries` are indices in the list of events, from 0. */
export type TraceEvent =
  | {
      /** The client that acts. */
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
      /** The server's event that reaches the client here. */
      readonly from: number;
    }
  | ServerEvent;

type ServerEvent = { readonly at: "server" } & (
  | {
      /**
       * - `accepts`: Node has taken the connection from the system
       * - `attends`: the program has attended to it (recorded only if that is later)
       * - `gets`: Node has taken a message from the system (recorded only if it is read
       * later)
       * - `reads-end`: the program sees that the client has finished
       * - `loses`: the connection is broken
       */
      readonly kind: "accepts" | "attends" | "gets" | "reads-end" | "loses";
      readonly peer: string;
      /** The client's action that reaches the server here. */
      readonly from: number;
      readonly because?: number;
    }
  | {
      readonly kind: "reads";
      readonly peer: string;
      /** The part of the message that the program has read: all or some of it. */
      readonly text: string;
      readonly from: number;
      readonly because?: number;
    }
  | {
      readonly kind: "writes";
      readonly peer: string;
      /** Without the help text, if it contains that. */
      readonly text: string;
      /** It begins with the help text. */
      readonly help?: true;
      /** The event that led to it, by the promises that it settled. */
      readonly because?: number;
      /** The only `reads` whose text is contained in this text, word for word. */
      readonly carries?: number;
    }
  | { readonly kind: "ends"; readonly peer: string; readonly because?: number }
  | { readonly kind: "exits" }
);

export interface Trace {
  /** The server, as named in the session. */
  readonly server: string;
  /** What the clients of the session do. It ties the trace to its session. */
  readonly actions: readonly string[];
  readonly clients: readonly string[];
  /**
   * In a possible order, with causes before effects. The server's own events are in their
   * actual order. Events not ordered by a cause, such as the arrival of one message at two
   * clients, have a fixed order, so that a run that differs in nothing else gives the same
   * trace.
   */
  readonly events: readonly TraceEvent[];
}
