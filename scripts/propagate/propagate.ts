// Carries the edit of one step through the later ones, in the files of a repository.
import { Misuse } from "../cli.ts";
import { isEdited, planOf, type StepChange } from "./plan.ts";
import { Repository } from "./repository.ts";

export interface PropagateOptions {
  /** The folder that holds `examples`. */
  readonly root: string;
  /** The step with the edit: the name of its folder. */
  readonly slug: string;
  /** The commit that the working tree is compared with: `HEAD`. */
  readonly base: string;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
  /** Takes each line of the report, without a line feed. */
  readonly print: (line: string) => void;
}

/**
 * Merges what step `slug` has changed since `base` into the step that follows, what that
 * has changed by then into the next, and so on. Stops at a conflict, which it leaves in
 * the file; the steps after that are as they were.
 *
 * @returns Whether there was no conflict.
 * @throws {Misuse} When there is no such step or commit.
 * @throws {Failure} When a file holds conflict markers already, when a step is not in
 * `base`, or when git does not work. Nothing is written then.
 */
export function propagate(options: PropagateOptions): boolean {
  const { slug, base, dryRun, print } = options;
  const repository = new Repository(options.root);
  const commit = repository.resolve(base);
  const slugs = repository.slugs();
  if (!slugs.includes(slug)) {
    throw new Misuse(`Cannot carry an edit of ${slug}: there is no such step`);
  }
  const steps = slugs.slice(slugs.indexOf(slug)).map((name) => ({
    slug: name,
    base: repository.at(commit, name),
    now: repository.now(name),
  }));
  const [first] = steps;
  if (!first || !isEdited(first)) {
    print(`${slug} has no edit: it is as in ${base}`);
    return true;
  }
  if (steps.length === 1) {
    print(`${slug} is the last step: there is none to carry its edit to`);
    return true;
  }
  const changes = planOf(steps);
  const wide = Math.max(...changes.map((change) => change.slug.length));
  for (const change of changes) {
    if (!dryRun) {
      for (const { file, text } of change.files)
        repository.write(change.slug, file, text);
    }
    print(`${change.slug.padEnd(wide)}  ${describe(change, dryRun)}`);
  }
  return report(changes.at(-1), options);
}

function describe({ files }: StepChange, dryRun: boolean): string {
  if (files.length === 0) return "unchanged";
  const list = files.map(
    (file) => file.file + (file.text === undefined ? " deleted" : ""),
  );
  const state = files.some((file) => file.conflict) ? "conflict" : "changed";
  return `${dryRun ? "would be " : ""}${state === "conflict" && dryRun ? "a conflict" : state}: ${list.join(", ")}`;
}

function report(last: StepChange | undefined, { dryRun, print }: PropagateOptions) {
  const open = (last?.files ?? []).filter((file) => file.conflict);
  if (!last || open.length === 0) return true;
  print("");
  for (const { file, conflict } of open) {
    print(`examples/${last.slug}/${file}: ${conflict}`);
  }
  const number = Number.parseInt(last.slug, 10);
  print(
    dryRun
      ? "Nothing is written. The later steps depend on how you resolve this"
      : `The later steps are as they were. Resolve it, then: just propagate ${number}`,
  );
  return false;
}
