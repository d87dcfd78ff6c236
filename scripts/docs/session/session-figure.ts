// Draws a session: the clients side by side, time running down.
//
// A row an event, in the order of the session; on a wide screen a row stands in the column
// of its client, on a narrow one and for a screen reader the rows are one transcript, each
// with the name of who does it. Class names, all within `.session`:
//
//   figure.session              style --clients: how many columns; data-copy: what is typed
//   .session-heads              the clients' names above the columns; hidden from readers
//   .session-head               data-client="1", "2", …: column and hue
//   ol.session-rows
//   li.session-row              data-client as above, or "server": across all columns
//                               data-kind: types, sees, prints, skips, or action
//   .session-who                the name, shown where there are no columns
//   .session-verb               "types:", "sees:": for screen readers, visually hidden
//   code.session-text           what is typed or seen; blanks count (white-space: pre-wrap)
//   code.session-text[data-partial]   typed without a line end
//   .session-action               "connects", "leaves", "sees nothing", …
//   .session-skip               lines of the server that do not matter here: …
//
// In a selection that is copied only what is typed and seen should count: names, verbs and
// actions want `user-select: none`.
import { type Html, html } from "../html.ts";
import { formatEvent } from "./format.ts";
import { actorOf, type Session, type SessionEvent } from "./session-event.ts";

/** A session as HTML, see the head of the file. */
export function renderSession({ server, flags, clients, events }: Session): string {
  const on = new Map<string, string>();
  for (const event of events)
    if (event.kind === "connects" && event.server) on.set(event.client, event.server);
  const typed = events.flatMap((event) => (event.kind === "types" ? [event.text] : []));
  const label = `A session with ${[server, ...flags].join(" ")}: what ${listOf(clients)} ${
    clients.length === 1 ? "types and sees" : "type and see"
  }`;
  const figure = html`<figure class="session" style="--clients: ${clients.length}" aria-label="${label}" data-copy="${typed.join("\n")}">
<div class="session-heads" aria-hidden="true">${clients.map(
    (client, index) =>
      html`<span class="session-head" data-client="${index + 1}">${headOf(client, on.get(client))}</span>`,
  )}</div>
<ol class="session-rows">
${events.map((event) => renderRow(event, clients))}</ol>
</figure>
`;
  return figure.toString();
}

function renderRow(event: SessionEvent, clients: readonly string[]): Html {
  const who = actorOf(event);
  const column = "client" in event ? clients.indexOf(who) + 1 : "server";
  const { kind, content } = renderEvent(event);
  return html`<li class="session-row" data-client="${column}" data-kind="${kind}"><span class="session-who">${who}</span> ${content}</li>
`;
}

function renderEvent(event: SessionEvent): { kind: string; content: Html } {
  switch (event.kind) {
    case "types": {
      const partial = event.raw && html` data-partial`;
      const content = html`${verb("types:")}<code class="session-text"${partial}>${event.text}</code>`;
      return { kind: "types", content };
    }
    case "sees":
    case "prints": {
      const content = html`${verb(`${event.kind}:`)}<code class="session-text">${event.text}</code>`;
      return { kind: event.kind, content };
    }
    case "skips":
    case "prints-some": {
      const doing = verb(event.kind === "skips" ? "sees" : "prints");
      const content = html`${doing}<span class="session-skip" role="img" aria-label="lines that do not matter here">…</span>`;
      return { kind: "skips", content };
    }
    case "connects":
    case "refused":
    case "nothing":
    case "closed":
    case "leaves":
    case "resets":
    case "interrupted":
    case "fails":
    case "ends": {
      const action = formatEvent(event).slice(actorOf(event).length + 1);
      return {
        kind: "action",
        content: html`<span class="session-action">${action}</span>`,
      };
    }
    default:
      return event satisfies never;
  }
}

/** Where servers are several, the column of a client says which is its. */
function headOf(client: string, server: string | undefined): Html {
  return server === undefined
    ? html`${client}`
    : html`${client} <small>on ${server}</small>`;
}

function verb(text: string): Html {
  return html`<span class="session-verb">${text} </span>`;
}

/** `ann`, `ann and bob`, `ann, bob and eve`. */
function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
