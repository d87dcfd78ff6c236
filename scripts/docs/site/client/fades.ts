// Fades the edges of elements that scroll sideways, where there is more to see; also in
// browsers without scroll-driven CSS.

const SCROLLING =
  "main pre, main .rows, main .scroll, main .diagram-scroll, main .picture";

export function fadeEdges(): void {
  const fade = ({ target }: { target: Element | EventTarget | null }) => {
    if (!(target instanceof HTMLElement)) return;
    const { scrollLeft, scrollWidth, clientWidth } = target;
    const rest = scrollWidth - clientWidth - scrollLeft;
    target.style.setProperty("--start", `${Math.min(24, scrollLeft)}px`);
    target.style.setProperty("--end", `${Math.min(24, rest)}px`);
  };
  const sizes = new ResizeObserver((entries) => entries.forEach(fade));
  for (const block of document.querySelectorAll(SCROLLING)) {
    sizes.observe(block);
    block.addEventListener("scroll", fade, { passive: true });
  }
}
