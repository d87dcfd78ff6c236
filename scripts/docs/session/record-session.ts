// Plays what a session types, and writes down what really comes.
//
// For a user at the keyboard, who reads what it writes: it waits until all is quiet, where
// a replay waits for what it knows. A replay of what it wrote must hold.

import { type Came, rewrite } from "./rewrite.ts";
import type { Session, SessionEvent } from "./session-event.ts";
import { Stage, type StageOptions } from "./stage.ts";

/** Silence for this long, in milliseconds, is taken for the end of what comes. */
const QUIET = 300;

/**
 * Plays a session again: all that the clients do, and what is seen of it.
 *
 * @returns Its events: what is typed is kept, what is seen is what came, with the names of
 * the session where it has given them.
 * @throws {UsageError | Failure} When there is no such server, or it does not start.
 */
export async function record(
  session: Session,
  options: StageOptions = {},
): Promise<SessionEvent[]> {
  const stage = await Stage.open(session, options);
  const { events } = session;
  const prints = events.some(({ kind }) => kind === "prints");
  const first = events.find(({ kind }) => kind === "prints");
  const recorded: SessionEvent[] = [];
  try {
    if (!(first?.kind === "prints" && first.text.startsWith("listening on"))) {
      await stage.printed();
    }
    let index = 0;
    while (index < events.length) {
      const next = events.findIndex((event, at) => at >= index && isAction(event));
      const end = next < 0 ? events.length : next;
      if (end > index || recorded.length > 0) {
        const seen = await collect(stage, prints);
        recorded.push(
          ...rewrite(
            stage,
            events.slice(index, end),
            seen,
            recorded.at(-1)?.line ?? session.line,
          ),
        );
      }
      const action = events[end];
      if (action !== undefined) recorded.push(await perform(action, stage));
      index = end + 1;
    }
    if (isAction(events.at(-1))) {
      const seen = await collect(stage, prints);
      recorded.push(...rewrite(stage, [], seen, recorded.at(-1)?.line ?? session.line));
    }
    return recorded;
  } finally {
    await stage.close();
  }
}

const ACTIONS: readonly SessionEvent["kind"][] = [
  "connects",
  "refused",
  "types",
  "leaves",
  "resets",
  "interrupted",
  "fails",
];

function isAction(event: SessionEvent | undefined): boolean {
  return event !== undefined && ACTIONS.includes(event.kind);
}

async function perform(event: SessionEvent, stage: Stage): Promise<SessionEvent> {
  switch (event.kind) {
    case "connects":
      if (await stage.connect(event.client, event.server)) return event;
      return { line: event.line, client: event.client, kind: "refused" };
    case "refused": {
      const kind = (await stage.connect(event.client)) ? "connects" : "refused";
      return { ...event, kind };
    }
    case "types":
      stage.type(event);
      return event;
    case "leaves":
      stage.peer(event.client).finishes();
      return event;
    case "resets":
      await stage.peer(event.client).resets();
      return event;
    case "interrupted":
      stage.interrupt();
      return event;
    case "fails":
      stage.fails(event.server, event.how);
      return event;
    default:
      throw new Error(`nobody does ${event.kind}`);
  }
}

/** Waits for silence. */
async function collect(stage: Stage, prints: boolean): Promise<Came> {
  const came = new Map<string, string[]>();
  const add = (actor: string, line: string) => {
    came.set(actor, [...(came.get(actor) ?? []), line]);
  };
  for (let quietSince = Date.now(); Date.now() - quietSince < QUIET; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const peer of stage.peers) {
      for (let line = peer.take(); line !== undefined; line = peer.take()) {
        add(peer.label, line);
        quietSince = Date.now();
      }
    }
    const line = prints ? await stage.printed(0) : undefined;
    if (line === undefined) continue;
    add("server", line);
    quietSince = Date.now();
  }
  for (const peer of stage.peers) {
    if (stage.host.byBytes && peer.untaken !== "") add(peer.label, peer.takePart());
  }
  return came;
}
