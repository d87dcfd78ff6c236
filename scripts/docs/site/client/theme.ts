// The switch between light and dark. A choice is stored; without one, the system's applies.
import { choose, onShow } from "./memory.ts";

const KEY = "theme";

export function switchTheme(): void {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector<HTMLButtonElement>(".theme-switch");
  if (!button) return;

  const isDark = () => {
    const chosen = root.dataset["theme"];
    return chosen === undefined ? dark.matches : chosen === "dark";
  };
  const show = () => {
    button.setAttribute("aria-label", "Dark theme");
    button.setAttribute("aria-pressed", String(isDark()));
  };
  button.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    // A choice of the system's own theme is not stored, so the page follows the system
    // again.
    choose(KEY, (chosen === "dark") === dark.matches ? undefined : chosen);
    show();
  });
  dark.addEventListener("change", show);
  onShow(show, KEY);
}
