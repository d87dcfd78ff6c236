// The data that all pages of the site are made from.

import type { Facts } from "../../facts.ts";
import type { Page } from "../page.ts";
import type { Assets } from "./assets.ts";
import type { PlayAddresses } from "./play.ts";

export interface Site {
  /** All rendered pages, in reading order. */
  readonly pages: readonly Page[];
  /** The eighteen steps. */
  readonly facts: readonly Facts[];
  /** The steps of the reactor part. */
  readonly reactor: readonly Facts[];
  /** The steps beyond one machine. */
  readonly machines: readonly Facts[];
  /** The repository's address on the web, without a trailing slash, if known. */
  readonly repository: string | undefined;
  /** The site's own address on the web, with a trailing slash, if known. */
  readonly url: string | undefined;
  /** The addresses of stylesheets and scripts: `theme.css?1a2b3c4d`. */
  readonly assets: Assets["addresses"];
  /** The scripts that run steps in their pages; undefined when there is no machine. */
  readonly playground: PlayAddresses | undefined;
}

/** The pages by part: steps, reactor, beyond one machine, asides, and all others. */
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
