// Carries the edit of one step through the later ones, in the files of a repository.
import { UsageError } from "../cli.ts";
import { pathOf } from "./place.ts";
import { type Change, type FileChange, isEdited, planOf } from "./plan.ts";
import { Repository } from "./repository.ts";

export interface PropagateOptions {
  /** The folder that contains `examples`. */
  readonly root: string;
  /** The step or rung with the edit: `10-rename`, `17c-encode`. */
  readonly slug: string;
  /** The commit that the working tree is compared with: `HEAD`. */
  readonly base: string;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
  /** Called with each line of the report, without a line feed. */
  readonly print: (line: string) => void;
  /** Formats the written files, relative to `root`: a longer import may need a second line. */
  readonly format?: (paths: readonly string[]) => void;
}

/**
 * Merges the changes of `slug` since `base` into its solutions and into the step or rung after it,
 * then the resulting changes of that into its solutions and the next, and so on. Stops at a
 * conflict in a step or a rung, which it leaves in the file; what follows is unchanged. A conflict
 * in a solution is left in the file too, but does not stop it.
 *
 * @returns Whether there was no conflict.
 * @throws {UsageError} When there is no such step, rung or commit.
 * @throws {Failure} When a file already has conflict markers, when a step is not in `base`, or
 * when git fails. Nothing is written then.
 */
export function propagate(options: PropagateOptions): boolean {
  const { slug, base, dryRun, print } = options;
  const repository = new Repository(options.root);
  const commit = repository.resolve(base);
  const chain = repository.chainFrom(slug);
  const states = chain.map((place) => repository.stateOf(place, commit));
  const [first] = states;
  if (!first) {
    throw new UsageError(`Cannot carry an edit of ${slug}: there is no such step`);
  }
  if (!isEdited(first)) {
    print(`${slug} has no edit: it is as in ${base}`);
    return true;
  }
  const changes = planOf(states);
  if (changes.length === 0) {
    print(`${slug} is the last step: there is none to carry its edit to`);
    return true;
  }
  const wide = Math.max(...changes.map(({ place }) => place.slug.length));
  for (const { place, files } of changes) {
    if (!dryRun) {
      for (const { file, text } of files) repository.write(place, file, text);
    }
    print(`${place.slug.padEnd(wide)}  ${describe(files, dryRun)}`);
  }
  if (!dryRun) {
    const whole = changes.flatMap(({ place, files }) =>
      files
        .filter(({ text, conflict }) => text !== undefined && !conflict)
        .map(({ file }) => pathOf(place, file)),
    );
    options.format?.(whole);
  }
  return report(changes, options);
}

/** Lists the changed files, then those with a conflict. */
function describe(files: readonly FileChange[], dryRun: boolean): string {
  if (files.length === 0) return "unchanged";
  const list = (state: string, open: boolean) => {
    const some = files.filter(({ conflict }) => (conflict !== "") === open);
    if (some.length === 0) return [];
    const names = some.map(
      ({ file, text }) => file + (text === undefined ? " deleted" : ""),
    );
    return [`${state}: ${names.join(", ")}`];
  };
  return [
    ...list(dryRun ? "would be changed" : "changed", false),
    ...list(dryRun ? "would be a conflict" : "conflict", true),
  ].join("; ");
}

function report(
  changes: readonly Change[],
  { dryRun, print }: PropagateOptions,
): boolean {
  const open = changes.flatMap(({ place, files }) =>
    files
      .filter(({ conflict }) => conflict)
      .map(({ file, conflict }) => `${pathOf(place, file)}: ${conflict}`),
  );
  if (open.length === 0) return true;
  print("");
  for (const line of open) print(line);
  const last = changes.at(-1);
  const [number] = last?.place.slug.replace(/^0/, "").split("-") ?? [];
  if (last?.stopped) {
    print(
      dryRun
        ? "Nothing is written. The later steps depend on how you resolve this"
        : `The later steps are as they were. Resolve it, then: just propagate ${number}`,
    );
  } else {
    print(
      dryRun
        ? "Nothing is written"
        : "All steps have the edit. Resolve what is left in the solutions",
    );
  }
  return false;
}
