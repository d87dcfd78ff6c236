// The switch between light and dark. A choice is remembered; without one the system's holds.

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
    // Who chooses what the system has follows the system again.
    if ((chosen === "dark") === dark.matches) {
      delete root.dataset["theme"];
      remember(undefined);
    } else {
      root.dataset["theme"] = chosen;
      remember(chosen);
    }
    show();
  });
  dark.addEventListener("change", show);
  show();
}

/** Storage may be forbidden, as in a private window: then the choice lasts for a page. */
function remember(theme: string | undefined): void {
  try {
    if (theme === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {}
}
