// Draws a picture that a command has made: an SVG, set into the page.
import { DocsError, type Place } from "./error.ts";
import { html, trusted } from "./html.ts";
import type { Setting } from "./listing.ts";
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
  // What the bench writes is named by its folder.
  const name = path.replace(/\/bench\.svg$/, "").replace(/.*\/|\.svg$/g, "");
  // A word before it: what begins with a digit cannot be named in a style.
  const id = anchor(`figure-${name}`);
  return html`<figure class="figure" id="${id}">
<div class="picture" tabindex="0" role="group" aria-label="Picture">${trusted(ownedBy(id, text))}</div>
<figcaption id="${id}-caption">${caption}</figcaption>
</figure>
`.toString();
}

/**
 * The picture as a part of a page. Pictures that one command has made have ids, classes and
 * styles of one name, which in a page are those of the whole page.
 */
function ownedBy(id: string, svg: string): string {
  return svg
    .replace(/<\?xml[^>]*>|<!--[\s\S]*?-->/g, "")
    .trim()
    .replace(/\bid="([^"]+)"/g, `id="${id}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${id}-$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${id}-$1"`)
    .replace(/<style>(.*?)<\/style>/gs, (_, css: string) => {
      const owned = css.replace(/([^{}]+)\{/g, (_rule, selectors: string) => {
        const each = selectors.split(",").map((one) => `#${id} ${one.trim()}`);
        return `${each.join(",")}{`;
      });
      return `<style>${owned}</style>`;
    })
    .replace(/<svg\b[^>]*>/, (open) => {
      const bare = open.replace(/ (?:role|aria-label|aria-labelledby)="[^"]*"/g, "");
      // Where there is less room it scrolls: smaller, its words could not be read.
      const [, width = "0"] = /viewBox="\S+ \S+ (\S+)/.exec(open) ?? [];
      const named = `<svg role="img" aria-labelledby="${id}-caption"`;
      // One that is drawn for a phone would be huge beside a text.
      const most = Number(width) < 400 ? ";max-width:32rem" : "";
      return bare.replace("<svg", `${named} style="min-width:${width}px${most}"`);
    });
}
