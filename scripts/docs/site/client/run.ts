// The buttons that run a step in the page. Their scripts are loaded on the first click.
import { load } from "./on-demand.ts";

/** What the playground's script exports. */
export interface Player {
  playStep(slug: string): void;
}

/** An address that ends in this runs the step at once: `07-kinda-chat.html#run`. */
const RUN = "#run";

export function offerRuns(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>("[data-run]");
  const { root = "" } = document.documentElement.dataset;
  for (const button of buttons) {
    button.addEventListener("click", async () => {
      const { run = "", scripts = "" } = button.dataset;
      await Promise.all(scripts.split(" ").map((name) => load(root + name)));
      (globalThis as unknown as Player).playStep(run);
    });
  }
  if (location.hash.startsWith(RUN)) buttons[0]?.click();
}
