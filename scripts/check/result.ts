// The result of checking one behaviour.
import type { Behaviour } from "../../behaviours/behaviour.ts";
import { Cured } from "../../behaviours/client.ts";
import type { Outcome } from "../../behaviours/hold.ts";
import { serverError } from "../server-error.ts";
import { difference, withoutNames } from "./difference.ts";

/**
 * A behaviour holds or fails. A defect is present or cured, or unclear when the server fails
 * before it could show.
 */
export type Verdict = "holds" | "fails" | "defect" | "cured" | "unclear" | "not run";

export interface Result {
  readonly behaviour: Behaviour;
  readonly verdict: Verdict;
  /** Undefined when it was not run. */
  readonly outcome?: Outcome;
  /** The error that the server reported, and where, in at most three lines. */
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

/** Those that should hold and were not run; of a defect, nothing is expected. */
export function missedOf(results: readonly Result[]): readonly Result[] {
  return results.filter(
    ({ behaviour, verdict }) => verdict === "not run" && !behaviour.defect,
  );
}

function verdictOf({ behaviour, unmet }: Outcome): Verdict {
  if (!behaviour.defect) return unmet === undefined ? "holds" : "fails";
  if (unmet === undefined) return "defect";
  return unmet instanceof Cured ? "cured" : "unclear";
}

/**
 * Why it fails, with equal texts for equal reasons: the server's own error, that nothing came, how
 * the line differs, or else what was expected and what came. Names, which are random, are left out.
 */
export function reasonOf({ outcome, error }: Result): string {
  const { unmet, transcript = [], names: chosen = [], ended } = outcome ?? {};
  if (unmet === undefined) return "";
  const { expected, got, isCut, lines } = unmet;
  // A server that keeps running after its error may fail for another reason.
  if (isCut && error.length > 0) return `the server's ${error.join(" ")}`;
  if (isCut && ended !== undefined) return `the server ended with ${ended}`;
  // Expectations differ between behaviours, but the reason is the same.
  if (isCut) return `got ${got}`;
  if (/^nothing within [\d.]+ s$|^nothing in time, after ""$/.test(got))
    return `got ${got}`;
  const given = transcript.flatMap((line) => / ← You are (\w+)$/.exec(line)?.[1] ?? []);
  const names = new Set([...given, ...chosen]);
  // What was said differs, and what is wrong with the line is the same.
  const differs =
    lines &&
    difference(withoutNames(lines.expected, names), withoutNames(lines.got, names));
  if (differs !== undefined) return differs;
  const wanted = expected.replace(/^(client )?\S+ to /, "to ");
  return withoutNames(`expected ${wanted}, got ${got}`, names);
}
