// The choice of how to show diffs applies to all of them, on every page.
import { choose, onShow } from "./memory.ts";

export function rememberLooks(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>(".diff .looks input")];
  const { dataset } = document.documentElement;
  const show = () => {
    const { look, indent } = dataset;
    for (const input of inputs) {
      if (input.className === "as-split") input.checked = look === "split";
      if (input.className === "as-unified") input.checked = look !== "split";
      if (input.className === "as-indented") input.checked = indent === "on";
    }
    // Opens folds whose only changes are indentation, so that those are visible.
    if (indent === "on") {
      for (const fold of document.querySelectorAll<HTMLDetailsElement>(".fold.shifts")) {
        fold.open = true;
      }
    }
  };
  for (const input of inputs) {
    input.addEventListener("change", () => {
      const before = input.getBoundingClientRect().top;
      if (input.className === "as-indented")
        choose("indent", input.checked ? "on" : undefined);
      else choose("look", input.className === "as-split" ? "split" : undefined);
      show();
      scrollBy({ top: input.getBoundingClientRect().top - before, behavior: "instant" });
    });
  }
  onShow(show, "look", "indent");
}
