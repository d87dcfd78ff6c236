// Draws a picture that a command has made: an SVG, set into the page.
import { DocsError, type Place } from "./error.ts";
import type { Setting } from "./listing.ts";
import { html, trusted } from "./site/html.ts";
import type { Source } from "./source.ts";

/**
 * A figure as HTML: `figure.figure` with the picture and its caption, which also says to
 * those who do not see the picture what is to be seen in it.
 *
 * @throws {DocsError} When the file is no SVG, or there is no caption.
 */
export function renderFigure(
  { path, text }: Source,
  caption: string,
  place: Place,
  { anchor }: Setting,
): string {
  if (!/^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(text)) {
    throw new DocsError(place, `Cannot show ${path} as a figure: it is no SVG`);
  }
  if (caption.trim() === "") {
    throw new DocsError(place, `Cannot show ${path} as a figure: it has no caption`);
  }
  const id = anchor(path.replace(/.*\/(.+)\/[^/]+$/, "$1").replace(/.*\/|\.svg$/g, ""));
  // Pictures made by one command have ids and styles of one name: each gets its own.
  const svg = text
    .replace(/<\?xml[^>]*>/, "")
    .replace(/\bid="([^"]+)"/g, `id="${id}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${id}-$1)`)
    .replace(/(href)="#([^"]+)"/g, `$1="#${id}-$2"`);
  return html`<figure class="figure" id="${id}">
<div class="picture">${trusted(svg.trim())}</div>
<figcaption>${caption}</figcaption>
</figure>
`.toString();
}
