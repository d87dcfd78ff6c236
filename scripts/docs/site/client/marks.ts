// Marks what a search found on the page to which a result leads. Nothing of the page changes:
// the style sheet paints the ranges. Escape takes the marks away.

import { FOUND } from "./on-demand.ts";

const MOST = 500;

export function markFound(words: readonly string[]): void {
  const text = document.querySelector("main article");
  if (!text) return;
  const ranges = rangesOf(text, words);
  CSS.highlights.set(FOUND, new Highlight(...ranges));
  // The browser goes to the address's section when all has loaded.
  const show = () => requestAnimationFrame(() => bringIntoView(ranges));
  if (document.readyState === "complete") show();
  else addEventListener("load", show);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") CSS.highlights.delete(FOUND);
  });
}

function rangesOf(text: Element, words: readonly string[]): Range[] {
  const each = words.map((word) => word.replace(/[$]/g, "\\$&"));
  const found = new RegExp(`(?<![\\p{L}\\p{N}])(?:${each.join("|")})`, "giu");
  const ranges: Range[] = [];
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (
    let node = nodes.nextNode();
    node && ranges.length < MOST;
    node = nodes.nextNode()
  ) {
    for (const match of (node.nodeValue ?? "").matchAll(found)) {
      const range = new Range();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** The first one at or below the section that the address names, if one cannot see it. */
function bringIntoView(ranges: readonly Range[]): void {
  const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const first = ranges.find((range) => {
    // What is folded away has no place.
    if (range.getBoundingClientRect().height === 0) return false;
    const { startContainer } = range;
    const place = heading?.compareDocumentPosition(startContainer) ?? 0;
    return (
      !heading ||
      (place & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 ||
      heading.contains(startContainer)
    );
  });
  const box = first?.getBoundingClientRect();
  if (!box || (box.top > 0 && box.bottom < innerHeight)) return;
  scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" });
}
