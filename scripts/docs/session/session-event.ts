// A session as data: what its clients do and see, in the order in which it stands there.

/** What one line of a session says. `line` is where it stands in its page, from 1. */
export type SessionEvent = { readonly line: number } & (ClientEvent | ServerEvent);

export type ClientEvent = {
  readonly client: string;
} /** `server`: which of several, that share a log. */ & (
  | { readonly kind: "connects"; readonly server?: string }
  | { readonly kind: "refused" }
  /** With `raw`, sent as it is, in one packet; else a line, whose end is sent too. */
  | { readonly kind: "types"; readonly text: string; readonly raw: boolean }
  | { readonly kind: "sees"; readonly text: string }
  /** Sees lines that do not matter, one at least. */
  | { readonly kind: "skips" }
  | { readonly kind: "nothing" | "closed" | "leaves" | "resets" }
);

export type ServerEvent =
  | { readonly kind: "prints"; readonly text: string }
  | { readonly kind: "prints-some" | "interrupted" }
  | { readonly kind: "ends"; readonly code: number }
  /** One of several servers fails: killed, cut off from the broker, or reached again. */
  | { readonly kind: "fails"; readonly server: string; readonly how: Failing };

export type Failing = "is killed" | "is cut off" | "is connected again";

export interface Session {
  /** The page that it stands in, such as `docs/08-chat.md`. */
  readonly file: string;
  /** The line of its fence. */
  readonly line: number;
  /** The server, as it is named there: `08-chat`, `06.2`, `r3-epoll`, or a file's path. */
  readonly server: string;
  /** What it is started with: `--rate 0`, as words. */
  readonly flags: readonly string[];
  /** Whether a space-time diagram of it is wanted too. */
  readonly diagram: boolean;
  /** The clients, in the order in which they come. */
  readonly clients: readonly string[];
  readonly events: readonly SessionEvent[];
}

/** Who does it: a client's label, or `server`. */
export function actorOf(event: SessionEvent): string {
  return "client" in event ? event.client : "server";
}
