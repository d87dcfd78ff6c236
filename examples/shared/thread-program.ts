// What a worker thread is started with, in TypeScript or compiled.

/**
 * Returns the program for `new Worker`, and the `file` that its `workerData` must have.
 *
 * @param source The thread's program, a file in TypeScript. Where this file is compiled to
 *   JavaScript, so is that one.
 */
export function threadProgram(source: URL): { program: URL; file: string } {
  // A program compiled to JavaScript needs no TypeScript loader, and there is none.
  if (import.meta.url.endsWith(".js")) {
    const program = new URL(source.href.replace(/\.ts$/, ".js"));
    return { program, file: program.href };
  }
  const program = new URL("load-worker.mjs", import.meta.url);
  return { program, file: source.href };
}
