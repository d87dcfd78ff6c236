/** Whether this Node runs TypeScript as it stands: from 22.18 on. */
export const STRIPS_TYPES: boolean;
/** The arguments of Node that run TypeScript: none, or those that load tsx. */
export function typeScriptFlags(): string[];
/** The packages that the program in `file` imports, itself or by its own files. */
export function packagesOf(file: string): string[];
/** Installs packages, all when none is named, unless they are there. @throws {Error} */
export function install(names?: readonly string[]): Promise<void>;
