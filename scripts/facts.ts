// What the site shows about each step: its title, its idea, its lines and what it changes.

import { ideaOf, type Step } from "../behaviours/steps.ts";
import { changeOf } from "./diff/code.ts";
import { filesOfStep } from "./diff/files.ts";

export interface Facts {
  readonly step: Step;
  /** `06`, `r3`. */
  readonly number: string;
  /** `Kinda chat`. */
  readonly name: string;
  /** One sentence, without its full stop. */
  readonly idea: string;
  /** The number of lines of its `server.ts`. */
  readonly lines: number;
  /** Lines of code that it adds to and removes from the previous step; see diff/code.ts. */
  readonly change: { readonly added: number; readonly removed: number } | undefined;
  readonly before: Step | undefined;
}

/** The title of a step on its page: `Kinda chat` for `07-kinda-chat`. */
function nameOf({ slug }: Pick<Step, "slug">): string {
  const name = slug.replace(/^\w+-/, "").replaceAll("-", " ");
  // The name of a folder cannot contain a slash.
  if (name === "ioserver") return "I/O server";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The facts of consecutive steps. The files are read again on each call. */
export function readFacts(steps: readonly Step[]): readonly Facts[] {
  const files = steps.map(filesOfStep);
  return steps.map((step, index) => {
    const now = files[index] ?? new Map<string, string>();
    const earlier = files[index - 1];
    const [number = ""] = step.slug.split("-");
    return {
      step,
      number,
      name: nameOf(step),
      idea: ideaOf(step).replace(/\.$/, ""),
      lines: (now.get("server.ts") ?? "").split("\n").length - 1,
      change: earlier && changeOf(earlier, now),
      before: steps[index - 1],
    };
  });
}
