// A button for blocks with long lines: it wraps the lines of all blocks, on every page.
// Without a script they scroll.
import { button, handlesOf } from "./handles.ts";
import { choose, onShow } from "./memory.ts";
import { withExtras } from "./on-demand.ts";

const BLOCKS = "main pre, main .rows";

export function offerWrap(): void {
  const { dataset } = document.documentElement;
  const buttons = new Map<Element, HTMLButtonElement>();
  const isOn = () => dataset["wrap"] === "on";
  const show = () => {
    for (const [block, one] of buttons) {
      one.setAttribute("aria-pressed", String(isOn()));
      one.hidden = !isOn() && block.scrollWidth <= block.clientWidth;
    }
  };
  const toggle = (block: Element) => {
    const before = block.getBoundingClientRect().top;
    choose("wrap", isOn() ? undefined : "on");
    show();
    // The content above may have grown, so this keeps the block in place.
    scrollBy({ top: block.getBoundingClientRect().top - before, behavior: "instant" });
  };
  const sizes = new ResizeObserver(show);
  for (const block of document.querySelectorAll(BLOCKS)) {
    const owner = block.closest(".listing, .diff, .output, .fence");
    if (!owner) continue;
    const one = button("Wrap", "Wrap long lines", () => toggle(block));
    one.classList.add("wrap");
    handlesOf(owner).prepend(one);
    buttons.set(block, one);
    sizes.observe(block);
  }
  onShow(show, "wrap");
  if (!CSS.supports("animation-timeline: scroll()"))
    void withExtras((extras) => extras.fadeEdges());
}
