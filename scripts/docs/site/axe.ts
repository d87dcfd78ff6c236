// Checks pages for accessibility faults with axe.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** The part of axe's answer that we report. */
interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const THEMES = ["light", "dark"] as const;

/**
 * Runs axe on pages in both themes, and reports requests to other hosts.
 *
 * @param addresses Complete addresses.
 * @param ready Waits until a page is in the state to check.
 * @returns The faults, one per line.
 */
export async function accessibilityFaults(
  browser: Browser,
  addresses: readonly string[],
  ready: (page: Page) => Promise<unknown> = async () => {},
): Promise<string[]> {
  const faults = await Promise.all(
    THEMES.map(async (colorScheme) => {
      const context = await browser.newContext({
        colorScheme,
        // No colour may be in transition when axe looks.
        reducedMotion: "reduce",
        viewport: { width: 1440, height: 900 },
      });
      const page = await context.newPage();
      const found: string[] = [];
      for (const address of addresses) {
        const foreign = new Set<string>();
        page.removeAllListeners("request");
        page.on("request", (request) => {
          const url = new URL(request.url());
          // A blob of the page itself has no host.
          if (url.protocol !== "blob:" && url.host !== new URL(address).host) {
            foreign.add(request.url());
          }
        });
        await page.goto(address);
        await ready(page);
        await page.evaluate(AXE);
        const violations: Violation[] = await page.evaluate(
          "axe.run().then(({ violations }) => violations)",
        );
        found.push(
          ...violations.map(
            (violation) => `${address} (${colorScheme}): ${tell(violation)}`,
          ),
          ...[...foreign].map((url) => `${address}: asks another host for ${url}`),
        );
      }
      await context.close();
      return found;
    }),
  );
  return faults.flat();
}

function tell({ id, help, nodes }: Violation): string {
  const [first] = nodes;
  return `${id}: ${help}, ${nodes.length} times, first in ${first?.html.slice(0, 200)}`;
}
