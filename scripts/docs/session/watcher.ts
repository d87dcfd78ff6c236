// What a replay reports to a tracer.
import type { Socket } from "node:net";
import type { Probe } from "./host.ts";
import type { Names } from "./names.ts";

export interface Watcher {
  /** A client has a connection, through which nothing went yet; without one, it is refused. */
  connected(client: string, socket: Socket | undefined): void;
  /** What a client sends from here on is not of the session: the replay asks for a sign. */
  asks(client: string, probe: Probe): void;
  /** The sign has come, or something else instead. */
  answered(client: string): void;
  /** Settles when what the clients have done so far has come to the server's process. */
  arrived(): Promise<void>;
  /** What happens from here on is the end of the replay. Called once or more. */
  over(names: Names): void;
}
