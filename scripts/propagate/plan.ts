// What carrying an edit through the later steps would do, before anything is written.
import { Failure } from "../cli.ts";
import { conflictsIn, type Merged, mergeThree } from "./merge.ts";

/** A step as it was and as it is, its files by name. */
export interface StepState {
  readonly slug: string;
  readonly base: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
}

/** What happens to one file. */
export interface FileChange {
  readonly file: string;
  /** Undefined: it is deleted. */
  readonly text: string | undefined;
  /** What a person must mend, such as `lines 3-9`; empty when nothing. */
  readonly conflict: string;
}

export interface StepChange {
  readonly slug: string;
  /** Only files that change, or that a person must look at. */
  readonly files: readonly FileChange[];
}

/** Whether a step differs from what it was. */
export function isEdited({ base, now }: StepState): boolean {
  return [...base.keys(), ...now.keys()].some((file) => base.get(file) !== now.get(file));
}

/**
 * Carries the edit of the first step through all that follow, one after the other. Ends
 * with the first step in which a person must mend something.
 *
 * @throws {Failure} When a file holds conflict markers already, or a step that the edit
 * must pass through has no base to tell what is new in it.
 */
export function planOf(steps: readonly StepState[]): StepChange[] {
  steps.forEach((step, index) => {
    refuseMarkers(step);
    if (index < steps.length - 1 && step.base.size === 0) {
      throw new Failure(
        `Cannot carry the edit past ${step.slug}: the base commit does not have that step. Commit it first, or name another with --base`,
      );
    }
  });
  const changes: StepChange[] = [];
  let previous = steps[0];
  for (const step of steps.slice(1)) {
    if (!previous) break;
    const files = carry(previous, step);
    changes.push({ slug: step.slug, files });
    if (files.some((file) => file.conflict)) break;
    const now = new Map(step.now);
    for (const { file, text } of files) {
      if (text === undefined) now.delete(file);
      else now.set(file, text);
    }
    previous = { ...step, now };
  }
  return changes;
}

function refuseMarkers(step: StepState): void {
  for (const [file, text] of step.now) {
    const [conflict] = conflictsIn(text);
    if (!conflict) continue;
    throw new Failure(
      `Cannot carry the edit: examples/${step.slug}/${file} holds conflict markers in line ${conflict.first}. Resolve them first`,
    );
  }
}

function carry(from: StepState, to: StepState): FileChange[] {
  return [...new Set([...from.base.keys(), ...from.now.keys()])].flatMap((file) => {
    const change = carryFile(file, from, to);
    const same = change.text === to.now.get(file) && !change.conflict;
    return same ? [] : [change];
  });
}

function carryFile(file: string, from: StepState, to: StepState): FileChange {
  const base = from.base.get(file);
  const theirs = from.now.get(file);
  const ours = to.now.get(file);
  const done = (text: string | undefined, conflict = "") => ({ file, text, conflict });
  if (base === theirs) return done(ours);
  // Where the next step has no such file, an edit in it has nowhere to go.
  if (ours === undefined) return done(base === undefined ? theirs : ours);
  if (theirs === undefined) {
    if (ours === base) return done(undefined);
    return done(ours, `${from.slug} deleted it, but here it differs: keep or delete it`);
  }
  const merged = mergeThree(
    { text: ours, label: to.slug },
    { text: base ?? "", label: `${from.slug} before the edit` },
    { text: theirs, label: `${from.slug} with the edit` },
  );
  return done(merged.text, describe(merged));
}

function describe({ conflicts }: Merged): string {
  const places = conflicts.map(({ first, last }) => `${first}-${last}`);
  if (places.length === 0) return "";
  return `conflict in lines ${places.join(", ")}`;
}
