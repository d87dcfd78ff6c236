// A page of the site, rendered from Markdown, before it gets its frame.
import type { Step } from "../../behaviours/steps.ts";

export interface Heading {
  /** 2 for `##`, 3 for `###`. */
  readonly level: number;
  /** The anchor, as GitHub would make it. */
  readonly id: string;
  /** Without markup. */
  readonly text: string;
}

/** A stretch of a page as the search knows it. */
export interface Section {
  /** The anchor of its heading; empty for what stands before the first. */
  readonly id: string;
  readonly heading: string;
  /** Without markup. */
  readonly text: string;
  /** The lines of its listings, sessions and outputs, and those that are new in its diffs. */
  readonly code: string;
}

export interface Page {
  /** Where it stands in the site: `08-chat.html`, `asides/select.html`. */
  readonly path: string;
  /** What it is made from, in the repository: `docs/08-chat.md`. */
  readonly source: string;
  readonly kind: "home" | "chapter" | "aside" | "reference";
  /** The step that it explains, when it is a chapter of one. */
  readonly step: Step | undefined;
  readonly title: string;
  /** Its first paragraph, without markup. */
  readonly description: string;
  /** What it is about, in a sentence, where the page says it in a comment. */
  readonly teaser: string | undefined;
  readonly headings: readonly Heading[];
  /** HTML, the title left out. */
  readonly body: string;
  readonly sections: readonly Section[];
  /** The words of its prose, those of code not counted. */
  readonly words: number;
}
