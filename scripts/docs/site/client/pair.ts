// Two selects for steps, which lead to the page that compares them.
import { onShow } from "./memory.ts";

export function chooseSteps(): void {
  const form = document.querySelector<HTMLFormElement>("form.pair:not(.duel-steps)");
  if (!form) return;
  const [from, to] = form.querySelectorAll("select");
  const root = document.documentElement.dataset["root"] ?? "";
  if (!from || !to) return;
  onShow(() => form.reset());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [a = "", b = ""] = [from.value, to.value].sort();
    const output = form.querySelector("output");
    if (a === b) {
      if (output) output.textContent = "These are the same step.";
    } else location.href = `${root}compare/${a}-${b}.html`;
  });
}
