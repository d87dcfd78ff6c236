// The page to read for a failure: the behaviour's own, or the one that adds what its line lacks.
import type { Result } from "./result.ts";

/** A said line: the form that a step gave it, by its page. Its groups are before and text. */
const FORMS = [
  { from: 9, page: "docs/09-names.md", form: /^(\S+: )(.+)$/s },
  { from: 3, page: "docs/03-modify.md", form: /^()(.+) ❤️$/s },
] as const;

/**
 * The page that explains what is wrong. An old behaviour also fails for a form that a later step
 * gave to every message, such as the name before it, and its own page does not mention that.
 */
export function pageOf({ behaviour, outcome }: Result): string {
  const { expected = "", got = "" } = outcome?.unmet?.lines ?? {};
  for (const { from, page, form } of FORMS) {
    const [, before, text = ""] = form.exec(expected) ?? [];
    if (before === undefined || behaviour.from >= from) continue;
    // With another text, something else is wrong.
    const isOther = form.exec(got)?.[1] !== before;
    if (isOther && got.includes(text)) return page;
  }
  return behaviour.page;
}
