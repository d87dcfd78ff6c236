// The build of the page replaces this file: see bundle.ts.
import type { Ready } from "../../loader/loader.ts";

/** The folders of the steps. */
export const slugs: readonly string[] = [];
/** The modules that steps and actors import, by address, already linked. */
export const modules: Readonly<Record<string, Ready>> = {};
