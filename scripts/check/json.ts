// The results as a file, which the site's page of behaviours shows as a column.
import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
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

/** Looks before the check, whose results would be lost. @throws {Failure} As `writeResults`. */
export function canWrite(path: string): void {
  const place = existsSync(path) ? path : dirname(resolve(path));
  tryTo(path, () => accessSync(place, constants.W_OK));
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
  tryTo(path, () => writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`));
  console.log(`\nWritten to ${path}: drop it on the site's page of behaviours`);
}

function tryTo(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(`Cannot write ${path}: ${code}. Name a file in an existing folder`);
  }
}
