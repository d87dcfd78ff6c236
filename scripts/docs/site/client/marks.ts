// Marks what a search found on the page to which a result leads. Nothing of the page changes:
// the style sheet paints the ranges. Escape takes the marks away.

/** The name in the address that holds the words: `08-chat.html?found=race#select`. */
export const MARKS = "found";

const MOST = 500;

export function markFound(): void {
  const words = new URLSearchParams(location.search).get(MARKS)?.split(" ") ?? [];
  const text = document.querySelector("main article");
  if (words.length === 0 || !text || !("highlights" in CSS)) return;
  // The page's own address is without them.
  history.replaceState(history.state, "", location.pathname + location.hash);
  const ranges = rangesOf(text, words);
  CSS.highlights.set(MARKS, new Highlight(...ranges));
  // The browser goes to the address's section when all has loaded.
  addEventListener("load", () => requestAnimationFrame(() => bringIntoView(ranges)));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") CSS.highlights.delete(MARKS);
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
