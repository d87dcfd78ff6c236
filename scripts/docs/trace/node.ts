// An event of a trace without a position: the client or server, the kind, and its causes.
import type { Link } from "./clients.ts";

export interface Node {
  readonly at: string;
  readonly kind: string;
  readonly link: Link | undefined;
  readonly text?: string;
  /** The event on the other side that arrives with this one. */
  readonly from?: Node;
  /** For a server's event: its number in the raw trace, and the number of its cause. */
  readonly raw?: number;
  readonly cause?: number | undefined;
}

/** Whether it is a client's own action. */
export function isAction({ at, from }: Node): boolean {
  return at !== "server" && from === undefined;
}

/** The three strands of a run, each in its order. */
export interface Matched {
  readonly actions: readonly Node[];
  readonly server: readonly Node[];
  /** Events that reach clients. Those of one client are in order. */
  readonly arrivals: readonly Node[];
}

/**
 * One list of all events, causes before effects.
 *
 * Each action is followed by everything that it leads to, before the next action: first
 * what the server does, as far as possible, then what arrives of that.
 */
export function inCausalOrder({ actions, server, arrivals }: Matched): Node[] {
  const done = new Set<Node>();
  const ordered: Node[] = [];
  const place = (node: Node) => {
    done.add(node);
    ordered.push(node);
  };
  const waits = [...arrivals];
  let nextAction = 0;
  let nextOfServer = 0;
  for (;;) {
    const event = server[nextOfServer];
    if (event && (event.from === undefined || done.has(event.from))) {
      place(event);
      nextOfServer += 1;
      continue;
    }
    const index = waits.findIndex(
      (node, at) =>
        node.from !== undefined &&
        done.has(node.from) &&
        !waits.slice(0, at).some(({ link }) => link === node.link),
    );
    const [arrival] = index < 0 ? [] : waits.splice(index, 1);
    if (arrival !== undefined) {
      place(arrival);
      continue;
    }
    const action = actions[nextAction];
    if (action === undefined) return ordered;
    place(action);
    nextAction += 1;
  }
}
