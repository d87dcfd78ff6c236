// Puts the two sides of a run together: which bytes that the server read are those that ann
// sent, and which that came to bob are those that it wrote.
//
// TCP keeps no messages, but it keeps bytes in order. So byte number n of what ann sends is
// byte number n of what the server reads from her, however it was cut on the way:
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

/** One connection, as its server has it. */
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

  /** What of the session a raw event is: nothing, one event, or several. */
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
        // A message is here when its last byte is.
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
        // Node itself destroys a socket whose client has broken the connection.
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

  /** What of it comes to the client, if it does before the session is over. */
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

/** What of a text stands in both spans, where the text is that of the first. */
function cut(text: string, span: Span, within: Span): string {
  if (within.from <= span.from && span.to <= within.to) return text;
  const from = Math.max(0, within.from - span.from);
  const to = Math.max(0, within.to - span.from);
  return Buffer.from(text).toString("utf8", from, to);
}
