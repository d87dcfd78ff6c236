/** The names that are near to what was typed, the nearest first, three at most. */
export function nearest(typed: string, names: Iterable<string>, most?: number): string[];
/** How many letters must change to make one text of the other. */
export function distance(a: string, b: string): number;
