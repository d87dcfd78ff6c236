// What all pages of the site are made from.

import type { Facts } from "../../facts.ts";
import type { Page } from "../page.ts";
import type { Assets } from "./assets.ts";
import type { PlayAddresses } from "./play.ts";

export interface Site {
  /** All rendered pages, in the order in which they are read. */
  readonly pages: readonly Page[];
  /** Of the eighteen steps. */
  readonly facts: readonly Facts[];
  /** Of the steps of the reactor chapter. */
  readonly reactor: readonly Facts[];
  /** Of those beyond one machine. */
  readonly machines: readonly Facts[];
  /** The repository's address in the web, without a slash at its end, when it is known. */
  readonly repository: string | undefined;
  /** The site's own address in the web, with a slash at its end, when it is known. */
  readonly url: string | undefined;
  /** What pages load: stylesheets and scripts, as `theme.css?1a2b3c4d`. */
  readonly assets: Assets["addresses"];
  /** What runs steps in their pages; undefined when there is no machine. */
  readonly playground: PlayAddresses | undefined;
}

/** The pages of the steps, of the reactor and beyond one machine, the asides, and all others. */
export function partsOf(pages: readonly Page[]): {
  readonly steps: readonly Page[];
  readonly reactor: readonly Page[];
  readonly machines: readonly Page[];
  readonly asides: readonly Page[];
  readonly reference: readonly Page[];
} {
  const chapters = pages.filter(({ kind }) => kind === "chapter");
  return {
    steps: chapters.filter(({ step }) => step !== undefined),
    reactor: chapters.filter(({ path }) => /^r\d/.test(path)),
    machines: chapters.filter(({ path }) => /^m\d/.test(path)),
    asides: pages.filter(({ kind }) => kind === "aside"),
    reference: pages.filter(({ kind }) => kind === "reference"),
  };
}
