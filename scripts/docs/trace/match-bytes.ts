// Matches the two sides of a run: which of the bytes that the server read are those that
// ann sent, and which of the bytes that bob received are those that it wrote.
//
// TCP does not preserve messages, but it preserves the order of bytes. So byte number n
// that ann sends is byte number n that the server reads from her, however it was split on
// the way:
//
// ```text
//   ann sends      [0 hello\n 6][6 hi\n 9]
//   server reads   [0 hello\nhi\n       9]       two messages, read at once
// ```
import type { Action, Clients, Link, Span } from "./clients.ts";
import type { Matched, Node } from "./node.ts";
import type { RawEvent } from "./raw-events.ts";

export function matchBytes(
  { actions, links }: Pick<Clients, "actions" | "links">,
  raw: readonly RawEvent[],
): Matched {
  const done = actions.map((action): Sent => ({ ...action, at: action.client }));
  const sides = new Map<number, Side>();
  const byPort = new Map(links.map((link) => [link.port, link]));
  const server: Node[] = [];
  const arrivals: Node[] = [];
  for (const event of raw) {
    const { connection, port } = event;
    if (event.kind === "exits") server.push(nodeOf(event, undefined));
    if (connection === undefined) continue;
    if (event.kind === "accepts") {
      const link = byPort.get(port ?? -1);
      if (link) sides.set(connection, new Side(link, done));
    }
    const side = sides.get(connection);
    if (side === undefined) continue;
    const seen = side.take(event);
    server.push(...seen);
    arrivals.push(...seen.flatMap((node) => side.arrivalOf(node)));
  }
  return { actions: done, server, arrivals };
}

type Sent = Node & Action;

/** One connection, from its server's point of view. */
class Side {
  readonly #link: Link;
  readonly #actions: readonly Sent[];
  #got = 0;
  #read = 0;
  #written = 0;
  #lost = false;
  #ended = false;

  constructor(link: Link, actions: readonly Sent[]) {
    this.#link = link;
    this.#actions = actions.filter((action) => action.link === link);
  }

  /** The events of the session for a raw event: none, one or several. */
  take(event: RawEvent): Node[] {
    const { kind, bytes = 0 } = event;
    switch (kind) {
      case "accepts":
        return this.#answer(event, "connects");
      case "attends":
        return this.#answer(event, "connects");
      case "gets": {
        const from = this.#got;
        this.#got += bytes;
        // A message has arrived when its last byte has.
        return this.#messages({ from, to: this.#got })
          .filter(({ span }) => span.to <= this.#got)
          .map((action) => nodeOf(event, this.#link, { from: action }));
      }
      case "reads": {
        const span = { from: this.#read, to: this.#read + bytes };
        this.#read = span.to;
        return this.#messages(span).map((action) => {
          const text = cut(event.text ?? "", span, action.span);
          return nodeOf(event, this.#link, { from: action, text });
        });
      }
      case "gets-end":
      case "reads-end":
        return this.#answer(event, "leaves");
      case "writes": {
        const span = { from: this.#written, to: this.#written + bytes };
        this.#written = span.to;
        const { answers } = this.#link;
        if (answers.some(({ from, to }) => from < span.to && span.from < to)) return [];
        const node = { ...nodeOf(event, this.#link), text: event.text ?? "", span };
        return [node];
      }
      case "ends":
      case "destroys": {
        // Node itself destroys a socket whose client has reset the connection.
        const broken =
          kind === "destroys" && this.#actions.some((one) => one.kind === "resets");
        if (this.#ended || this.#lost || broken) return [];
        this.#ended = true;
        return [{ ...nodeOf(event, this.#link), kind: "ends" }];
      }
      case "fails":
      case "closes": {
        if (this.#lost) return [];
        const seen = this.#answer(event, "resets");
        this.#lost = seen.length > 0;
        return seen.map((node) => ({ ...node, kind: "loses" }));
      }
      case "hands-over":
      case "drains":
      case "listens":
      case "exits":
        return [];
      default:
        return kind satisfies never;
    }
  }

  /** The arrival at the client, if it is before the end of the session. */
  arrivalOf(node: Node & { span?: Span }): Node[] {
    const link = this.#link;
    const here = { at: link.client, link, from: node };
    if (node.span !== undefined && node.span.to <= link.received) {
      return [{ ...here, kind: "receives" }];
    }
    return node.kind === "ends" && link.ended ? [{ ...here, kind: "closed" }] : [];
  }

  #answer(event: RawEvent, kind: Action["kind"]): Node[] {
    const action = this.#actions.find((one) => one.kind === kind);
    return action === undefined ? [] : [nodeOf(event, this.#link, { from: action })];
  }

  #messages(span: Span): (Sent & { kind: "sends" })[] {
    return this.#actions.filter(
      (action): action is Sent & { kind: "sends" } =>
        action.kind === "sends" &&
        action.span.from < span.to &&
        span.from < action.span.to,
    );
  }
}

function nodeOf(
  { event: raw, kind, because: cause }: RawEvent,
  link: Link | undefined,
  more: Pick<Node, "from" | "text"> = {},
): Node {
  return { at: "server", kind, link, raw, cause, ...more };
}

/** The part of a text that is in both spans. The text is that of the first span. */
function cut(text: string, span: Span, within: Span): string {
  if (within.from <= span.from && span.to <= within.to) return text;
  const from = Math.max(0, within.from - span.from);
  const to = Math.max(0, within.to - span.from);
  return Buffer.from(text).toString("utf8", from, to);
}
