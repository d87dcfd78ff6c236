// How diffs are shown is chosen once for all of them, here and on every page.
import { choose, recall } from "./memory.ts";

export function rememberLooks(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>(".diff .looks input")];
  const show = () => {
    for (const input of inputs) {
      if (input.className === "as-split") input.checked = recall("look") === "split";
      if (input.className === "as-unified") input.checked = recall("look") !== "split";
      if (input.className === "as-indented") input.checked = recall("indent") === "on";
    }
    // What has only another indentation is folded: then it is to be seen.
    if (recall("indent") === "on") {
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
  if (recall("look") !== undefined || recall("indent") !== undefined) show();
}
