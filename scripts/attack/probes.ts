// Reads slowhttptest's output: whether each of its probes found the service available.
import { Failure } from "../cli.ts";

/**
 * Whether each of slowhttptest's probes found the service available.
 *
 * @param output What it printed, colours included.
 * @throws {Failure} When it made no probe.
 */
export function probesOf(output: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const plain = output.replace(/\x1b\[[\d;]*[A-Za-z]/g, "");
  const probes = [...plain.matchAll(/service available:\s*(YES|NO)/g)];
  if (probes.length === 0)
    throw new Failure(`Cannot read slowhttptest's output: ${plain}`);
  return probes.every(([, word]) => word === "YES");
}
