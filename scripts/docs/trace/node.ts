// An event of a trace before it has its place: who, what, and what must stand above it.
import type { Link } from "./clients.ts";

export interface Node {
  readonly at: string;
  readonly kind: string;
  readonly link: Link | undefined;
  readonly text?: string;
  /** The event at the other side that came here. */
  readonly from?: Node;
  /** Of a server's event: its number in the raw trace, and that of what led to it. */
  readonly raw?: number;
  readonly cause?: number | undefined;
}

/** Whether somebody does it, of their own accord. */
export function isAction({ at, from }: Node): boolean {
  return at !== "server" && from === undefined;
}

/** The three strands of a run, each in its order. */
export interface Matched {
  readonly actions: readonly Node[];
  readonly server: readonly Node[];
  /** What comes to clients. Those of one client are in order. */
  readonly arrivals: readonly Node[];
}

/**
 * One list of all, causes above effects.
 *
 * After each action comes all that it leads to, before the next: first what the server
 * does, as far as it can, then what of it arrives.
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
