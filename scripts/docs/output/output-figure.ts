// Draws an output: the command, and below it what it prints.
//
//   figure.output           data-copy: the command
//   .output-command         figcaption with the command in a code
//   pre.output-text > code  what it prints
import { html } from "../html.ts";
import type { Output } from "./parse-output.ts";

/** An output as HTML, see the head of the file. */
export function renderOutput({ command, text }: Output): string {
  const figure = html`<figure class="output" data-copy="${command}">
<figcaption class="output-command"><code>${command}</code></figcaption>
<pre class="output-text" tabindex="0"><code>${text}</code></pre>
</figure>
`;
  return figure.toString();
}
