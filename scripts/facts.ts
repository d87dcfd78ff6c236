// What the site says of each step: its title, its idea, its lines and what it changes.

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
  /** Lines of its `server.ts`. */
  readonly lines: number;
  /** Lines of code that it adds to the step before and takes away from it; see diff/code.ts. */
  readonly change: { readonly added: number; readonly removed: number } | undefined;
  readonly before: Step | undefined;
}

/** What a step is called on its page: of `07-kinda-chat` it is `Kinda chat`. */
function nameOf({ slug }: Pick<Step, "slug">): string {
  const name = slug.replace(/^\w+-/, "").replaceAll("-", " ");
  // A slash cannot be in the name of a folder.
  if (name === "ioserver") return "I/O server";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The facts of steps that follow each other, read again at each call. */
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
