// What the build of the page brings instead of this file: see bundle.ts.
import type { Ready } from "../../loader/loader.ts";

/** The folders of the steps. */
export const slugs: readonly string[] = [];
/** The modules that steps and actors import, by their addresses: linked beforehand. */
export const modules: Readonly<Record<string, Ready>> = {};
