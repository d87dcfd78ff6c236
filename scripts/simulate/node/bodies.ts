// The files of Node's library as functions.
import { compileFunction } from "node:vm";
import { readNatives } from "./natives.ts";

let sources: ReturnType<typeof readNatives> | undefined;

/**
 * The body of a file of the library: `net`, `internal/errors`.
 *
 * @param parameters The names of its parameters: see library.ts.
 * @throws {Error} When there is no such file. @throws {Failure} When there is no library.
 */
export function bodyOf(
  id: string,
  parameters: readonly string[],
): (...values: unknown[]) => void {
  sources ??= readNatives();
  const source = sources[id];
  if (source === undefined) throw new Error(`Cannot load ${id}: Node has no such file`);
  const body = compileFunction(source, parameters, { filename: `node:${id}` });
  return body as (...values: unknown[]) => void;
}
