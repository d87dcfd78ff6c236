/** The names closest to what was typed, the closest first; three by default. */
export function nearest(typed: string, names: Iterable<string>, most?: number): string[];
/** The edit distance between two texts. */
export function distance(a: string, b: string): number;
