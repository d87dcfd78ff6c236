// What the check of one behaviour has come to.
import type { Behaviour } from "../../behaviours/behaviour.ts";
import { Cured } from "../../behaviours/client.ts";
import type { Outcome } from "../../behaviours/hold.ts";
import { serverError } from "./server-error.ts";

/**
 * A virtue holds or fails. A defect is there, or is cured; or it is unknown, because the
 * server fails before it.
 */
export type Verdict = "holds" | "fails" | "defect" | "cured" | "unclear" | "not run";

export interface Result {
  readonly behaviour: Behaviour;
  readonly verdict: Verdict;
  /** Of one that was run. */
  readonly outcome?: Outcome;
  /** The error that the server has reported, and where, in at most three lines. */
  readonly error: readonly string[];
}

export function resultOf(outcome: Outcome): Result {
  const { behaviour, unmet, output } = outcome;
  const error = unmet === undefined ? [] : serverError(output);
  return { behaviour, verdict: verdictOf(outcome), outcome, error };
}

export function notRun(behaviour: Behaviour): Result {
  return { behaviour, verdict: "not run", error: [] };
}

function verdictOf({ behaviour, unmet }: Outcome): Verdict {
  if (!behaviour.defect) return unmet === undefined ? "holds" : "fails";
  if (unmet === undefined) return "defect";
  return unmet instanceof Cured ? "cured" : "unclear";
}

/**
 * Why it fails, the same text for the same reason: the server's own error, or that nothing
 * came, or else what was expected and what came, for whichever client.
 */
export function reasonOf({ outcome, error }: Result): string {
  if (outcome?.unmet === undefined) return "";
  const { expected, got } = outcome.unmet;
  // A server that goes on after its error may fail for another reason.
  const isCut = /^a reset$|^the end of the connection|^ECONN/.test(got);
  if (isCut && error.length > 0) return `the server's ${error.join(" ")}`;
  // What was expected differs from one to the next; that it did not come is the same.
  if (isCut) return `got ${got}`;
  if (/^nothing within [\d.]+ s$/.test(got)) return `got ${got}`;
  return `expected ${expected.replace(/^(client )?\S+ to /, "to ")}, got ${got}`;
}
