// The results as a file, which the site's page of behaviours shows as a column.
import { writeFileSync } from "node:fs";
import type { Step } from "../../behaviours/steps.ts";
import { Failure } from "../cli.ts";
import type { Result, Verdict } from "./result.ts";
import type { Target } from "./target.ts";

interface ResultFile {
  /** Marks the file as a result, and is the version of its format. */
  readonly check: 1;
  /** The server, as the user named it. */
  readonly server: string;
  /** The step that was checked. Undefined for all of them. */
  readonly step: string | undefined;
  readonly behaviours: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    readonly expected?: string | undefined;
    readonly got?: string | undefined;
  }[];
}

/** @throws {Failure} When the file cannot be written. */
export function writeResults(
  path: string,
  target: Target,
  step: Step | undefined,
  results: readonly Result[],
): void {
  const file: ResultFile = {
    check: 1,
    server: target.name,
    step: step?.slug,
    behaviours: results.map(({ behaviour, verdict, outcome }) => {
      const { expected, got } = outcome?.unmet ?? {};
      return { id: behaviour.id, verdict, expected, got };
    }),
  };
  try {
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(`Cannot write ${path}: ${code}. Name a file in an existing folder`);
  }
  console.log(`\nWritten to ${path}: drop it on the site's page of behaviours`);
}
