// `node:vm` in a page, as far as the loader uses it.

/** Calls of `eval` by another name run in the global scope. */
// biome-ignore lint/security/noGlobalEval: it runs what the reader wrote, on their machine
const run = eval;

/**
 * A function from its body; every line of the body is that line in a stack trace.
 *
 * @throws {SyntaxError} When it is none.
 */
export function compileFunction(
  body: string,
  names: readonly string[],
  { filename }: { readonly filename: string },
): (...values: unknown[]) => unknown {
  const name = filename.replace(/^\/book\//, "");
  return run(`(function(${names.join()}){${body}\n})\n//# sourceURL=${name}`);
}
