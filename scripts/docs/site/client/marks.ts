// Marks the search words on the page that a result leads to. The document is unchanged: the
// stylesheet highlights ranges. Escape removes the marks.

import { patternOf } from "./found.ts";
import { FOUND } from "./on-demand.ts";

const MOST = 500;

export function markFound(words: readonly string[]): void {
  const text = document.querySelector("main article");
  if (!text) return;
  const ranges = rangesOf(text, words);
  CSS.highlights.set(FOUND, new Highlight(...ranges));
  // The browser scrolls to the section in the address once everything has loaded.
  const show = () => requestAnimationFrame(() => bringIntoView(ranges));
  if (document.readyState === "complete") show();
  else addEventListener("load", show);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") CSS.highlights.delete(FOUND);
  });
}

function rangesOf(text: Element, words: readonly string[]): Range[] {
  const found = patternOf(words, "giu");
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

/** Scrolls to the first mark in or below the section in the address, unless visible. */
function bringIntoView(ranges: readonly Range[]): void {
  const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const first = ranges.find((range) => {
    // A mark in a closed fold has no position.
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
