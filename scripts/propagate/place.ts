// Where an edit goes: a step, or a rung on the way to one.

export interface Place {
  /** `16-users`, `17a-no-delay`. */
  readonly slug: string;
  /** The folder of the step, which a rung stands in too: `17-performance`. */
  readonly folder: string;
  /** Whether it is a rung. It has a `server.ts`, and no other file of its own. */
  readonly isRung: boolean;
}

/** Where a file stands, seen from the root. A rung calls its only one `server.ts`. */
export function pathOf({ slug, folder, isRung }: Place, file: string): string {
  return `examples/${folder}/${isRung ? `rungs/${slug}.ts` : file}`;
}

/** Whether the imports of a file lead one folder further up than those of a step. */
export function isBelow({ isRung }: Place, file: string): boolean {
  return isRung || file.startsWith("exercises/");
}
