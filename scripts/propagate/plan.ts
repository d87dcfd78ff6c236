// Plans how an edit is carried through a chain of servers, before anything is written.
import { Failure } from "../cli.ts";
import { conflictsIn, type Merged, mergeThree, type Side } from "./merge-three.ts";
import { type Place, pathOf } from "./place.ts";

/** A step or a rung before and after the edit, with its files by name. */
export interface PlaceState extends Place {
  readonly base: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
  /** The solutions of its exercises, by name: each is its `server.ts` with a change. */
  readonly solutions: ReadonlyMap<string, string>;
}

/** What happens to one file. */
export interface FileChange {
  readonly file: string;
  /** Undefined when the file is deleted. */
  readonly text: string | undefined;
  /** What the user must resolve, such as `lines 3-9`; empty when there is nothing. */
  readonly conflict: string;
}

export interface Change {
  readonly place: Place;
  /** Only files that change, or that the user must look at. */
  readonly files: readonly FileChange[];
  /** Whether the plan ends here, at a conflict in the step itself. */
  readonly stopped: boolean;
}

/** Whether a step has changed. */
export function isEdited({ base, now }: PlaceState): boolean {
  return [...base.keys(), ...now.keys()].some((file) => base.get(file) !== now.get(file));
}

/**
 * Carries the edit of the first step through all that follow, one after the other, and from
 * each into its solutions. Ends with the first step in which the user must resolve a
 * conflict. A conflict in a solution does not end it, because nothing depends on a solution.
 *
 * @returns One entry for each step. The first has only solutions, and is left out when none of
 * them changes.
 * @throws {Failure} When a file already has conflict markers, or when a step that the edit must
 * pass through is not in the base commit, so that its changes are unknown.
 */
export function planOf(steps: readonly PlaceState[]): Change[] {
  steps.forEach((step, index) => {
    refuseMarkers(step);
    if (index < steps.length - 1 && step.base.size === 0) {
      throw new Failure(
        `Cannot carry the edit past ${step.slug}: the base commit does not have it. Commit it first, or name another with --base`,
      );
    }
  });
  const changes: Change[] = [];
  let previous: PlaceState | undefined;
  for (const step of steps) {
    const carried = previous ? carry(previous, step) : [];
    const after = withChanges(step, carried);
    const stopped = carried.some((file) => file.conflict);
    const files = stopped ? carried : [...carried, ...carryToSolutions(after)];
    if (previous || files.length > 0) changes.push({ place: step, files, stopped });
    if (stopped) break;
    previous = previous && step.isRung ? over(previous, after) : after;
  }
  return changes;
}

function withChanges(step: PlaceState, changes: readonly FileChange[]): PlaceState {
  const now = new Map(step.now);
  for (const { file, text } of changes) {
    if (text === undefined) now.delete(file);
    else now.set(file, text);
  }
  return { ...step, now };
}

/** The successor of a rung gets the rung's server, and the other files of the step before it. */
function over(step: PlaceState, rung: PlaceState): PlaceState {
  return {
    ...rung,
    base: new Map([...step.base, ...rung.base]),
    now: new Map([...step.now, ...rung.now]),
  };
}

function refuseMarkers(step: PlaceState): void {
  for (const [file, text] of [...step.now, ...step.solutions]) {
    const [conflict] = conflictsIn(text);
    if (!conflict) continue;
    throw new Failure(
      `Cannot carry the edit: ${pathOf(step, file)} has conflict markers in line ${conflict.first}. Resolve them first`,
    );
  }
}

function carry(from: PlaceState, to: PlaceState): FileChange[] {
  const files = [...new Set([...from.base.keys(), ...from.now.keys()])];
  return files.flatMap((file) => {
    if (to.isRung && file !== "server.ts") return [];
    const change = carryFile(file, from, to);
    const same = change.text === to.now.get(file) && !change.conflict;
    return same ? [] : [change];
  });
}

function carryFile(file: string, from: PlaceState, to: PlaceState): FileChange {
  const base = from.base.get(file);
  const theirs = from.now.get(file);
  const ours = to.now.get(file);
  const done = (text: string | undefined, conflict = "") => ({ file, text, conflict });
  if (base === theirs) return done(ours);
  // If the next step has no such file, the edit ends here.
  if (ours === undefined) return done(base === undefined ? theirs : ours);
  if (theirs === undefined) {
    if (ours === base) return done(undefined);
    return done(ours, `${from.slug} deleted it, but here it differs: keep or delete it`);
  }
  const merged = merge({ text: ours, label: to.slug }, from.slug, base ?? "", theirs);
  return done(merged.text, describe(merged));
}

function carryToSolutions({ slug, base, now, solutions }: PlaceState): FileChange[] {
  const before = base.get("server.ts");
  const after = now.get("server.ts");
  if (before === undefined || after === undefined || before === after) return [];
  return [...solutions].flatMap(([file, ours]) => {
    const merged = merge({ text: ours, label: file }, slug, before, after);
    const conflict = describe(merged);
    return merged.text === ours && !conflict
      ? []
      : [{ file, text: merged.text, conflict }];
  });
}

/** Applies to `ours` the edit from `before` to `after` in the step `slug`. */
function merge(ours: Side, slug: string, before: string, after: string): Merged {
  return mergeThree(
    ours,
    { text: before, label: `${slug} before the edit` },
    { text: after, label: `${slug} with the edit` },
  );
}

function describe({ conflicts }: Merged): string {
  const places = conflicts.map(({ first, last }) => `${first}-${last}`);
  if (places.length === 0) return "";
  return `conflict in lines ${places.join(", ")}`;
}
