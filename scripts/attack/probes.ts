// What slowhttptest prints: whether the service was available each time that it looked.
import { Failure } from "../cli.ts";

/**
 * Whether slowhttptest found the service available, each time that it looked.
 *
 * @param output What it has printed, colours included.
 * @throws {Failure} When it has not looked.
 */
export function probesOf(output: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  const plain = output.replace(/\x1b\[[\d;]*[A-Za-z]/g, "");
  const probes = [...plain.matchAll(/service available:\s*(YES|NO)/g)];
  if (probes.length === 0)
    throw new Failure(`Cannot read slowhttptest's output: ${plain}`);
  return probes.every(([, word]) => word === "YES");
}
