// The diagram of a session as a figure of a page: the picture, a legend, and the same in
// words. Classes, besides those of the picture (diagram.ts):
//
//   figure.diagram-figure
//   .diagram-scroll             around the picture; scrolls where it is wider than the page
//   figcaption
//   details.diagram-words       holds an ol: the run, one sentence per action

import { type Html, html, trusted } from "../html.ts";
import type { Session } from "../session/session-event.ts";
import { drawDiagram } from "./diagram.ts";
import { marksOf } from "./marks.ts";
import { traceOf } from "./store.ts";
import type { Trace } from "./trace-event.ts";
import { sentencesOf } from "./trace-sentences.ts";

/**
 * The figure for a session with a diagram, from its stored trace.
 *
 * @param folder Where the traces are, if not in docs/traces.
 * @throws {Failure} When there is no trace of the session in its current form.
 */
export function renderDiagram(session: Session, folder?: string): string {
  const trace = traceOf(session, folder);
  return html`<figure class="diagram-figure">
<div class="diagram-scroll" tabindex="0" role="group" aria-label="Diagram">${trusted(drawDiagram(trace))}</div>
<figcaption>${captionOf(trace)}</figcaption>
<details class="diagram-words"><summary>The same in words</summary>
<ol>
${sentencesOf(trace).map((sentence) => html`<li>${sentence}</li>\n`)}</ol>
</details>
</figure>
`.toString();
}

function captionOf(trace: Trace): Html {
  const kinds = new Set(marksOf(trace).waits.map(({ kind }) => kind));
  const notes = WAITS.filter(([kind]) => kinds.has(kind)).map(([, note]) => ` ${note}`);
  return html`A real run of <code>${trace.server}</code>. Time runs down. The colour says whose words they are, or whose doing led to it.${notes}`;
}

const WAITS = [
  [
    "unserved",
    "Dots beside the server: Node has accepted the connection, and the program has not turned to it.",
  ],
  [
    "unread",
    "Dashes beside it: Node has taken the message in, and the program has not read it.",
  ],
  [
    "held",
    "Dashes beside the server: it has read the words, and writes them to this client only later.",
  ],
] as const;
