// Where an edit goes: a step, or a rung on the way to one.

export interface Place {
  /** `16-users`, `17a-no-delay`. */
  readonly slug: string;
  /** The folder of the step, which its rungs are in too: `17-performance`. */
  readonly folder: string;
  /** Whether it is a rung. A rung consists of a `server.ts` only. */
  readonly isRung: boolean;
}

/** The path of a file, relative to the root. A rung's only file is called `server.ts` here. */
export function pathOf({ slug, folder, isRung }: Place, file: string): string {
  return `examples/${folder}/${isRung ? `rungs/${slug}.ts` : file}`;
}

/** Whether the imports of a file go one folder further up than those of a step. */
export function isBelow({ isRung }: Place, file: string): boolean {
  return isRung || file.startsWith("exercises/");
}
