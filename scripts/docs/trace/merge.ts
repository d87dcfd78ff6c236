// Merges the two sides of a run into a trace.

import { formatEvent } from "../session/format.ts";
import type { Names } from "../session/names.ts";
import type { Session } from "../session/session-event.ts";
import { withCarriedWords } from "./carried-words.ts";
import type { Clients } from "./clients.ts";
import { matchBytes } from "./match-bytes.ts";
import { inCausalOrder, isAction, type Node } from "./node.ts";
import type { RawEvent } from "./raw-events.ts";
import type { Trace, TraceEvent } from "./trace-event.ts";

/** The actions of a session's clients. Sessions with equal actions have the same trace. */
export function actionsOf({ events }: Session): string[] {
  return events.filter(({ kind }) => ACTIONS.includes(kind)).map(formatEvent);
}

const ACTIONS = ["connects", "refused", "types", "leaves", "resets"];

/** @param help The server's help text, which is not repeated in each event. */
export function mergeSides(
  session: Session,
  clients: Clients,
  raw: readonly RawEvent[],
  help: string,
): Trace {
  const all = inCausalOrder(matchBytes(clients, raw));
  const kept = all.filter((node, index) => matters(node, index, all));
  const places = new Map(kept.map((node, index) => [node, index]));
  const texts = new Texts(clients.names, help);
  const events = kept.map((node) => {
    const event = {
      at: node.at,
      kind: node.kind,
      ...(node.at === "server" && node.link && { peer: node.link.client }),
      ...(node.text !== undefined && texts.tell(node.text, node.kind === "writes")),
      ...place("from", node.from && places.get(node.from)),
      ...place("because", places.get(ledTo(node, all, kept) as Node)),
    };
    return event as TraceEvent;
  });
  const { server, clients: labels } = session;
  return {
    server,
    actions: actionsOf(session),
    clients: labels,
    events: withCarriedWords(events),
  };
}

function place(name: string, at: number | undefined): object {
  return at === undefined ? {} : { [name]: at };
}

/** Whether to show an event: what Node does for the program, only if the program waits. */
function matters(node: Node, index: number, all: readonly Node[]): boolean {
  if (node.kind === "attends") {
    const accepted = all.findIndex(
      ({ kind, link }) => kind === "accepts" && link === node.link,
    );
    return all.slice(accepted, index).some(isAction);
  }
  if (node.kind !== "gets" && node.kind !== "gets-end") return true;
  if (node.kind === "gets-end") return false;
  const read = all.findIndex(({ kind, from }) => kind === "reads" && from === node.from);
  const between = all.slice(index, read < 0 ? undefined : read);
  return between.some((one) => isAction(one) || one.kind === "reads-end");
}

/** The event that led to it, if it is known and shown. */
function ledTo(
  { cause }: Node,
  all: readonly Node[],
  kept: readonly Node[],
): Node | undefined {
  if (cause === undefined) return undefined;
  const led = all.filter(({ raw }) => raw === cause);
  const [only] = led;
  // When two messages were read at once, it is unknown which of them led to it.
  if (only === undefined || led.length > 1) return undefined;
  if (kept.includes(only)) return only;
  // What Node did for the program immediately is shown as the program's doing.
  return kept.find(({ at, from }) => at === "server" && from === only.from);
}

class Texts {
  readonly #names: Names;
  readonly #help: string;

  constructor(names: Names, help: string) {
    this.#names = names;
    this.#help = help;
  }

  /** A text, as a trace stores it. */
  tell(text: string, written: boolean): { text: string; help?: true } {
    const inWords = (rest: string) => this.#names.toWords(rest);
    if (!written || this.#help === "" || !text.startsWith(this.#help)) {
      return { text: inWords(text) };
    }
    return { text: inWords(text.slice(this.#help.length)), help: true };
  }
}
