// What a file worker has to know of a request for a file.
import type { Conditions } from "./http-conditions.ts";

export interface FileRequest {
  /** GET or HEAD. */
  readonly method: string;
  /** Of the path, decoded. The last one is empty for a folder: then its index is meant. */
  readonly segments: readonly string[];
  readonly conditions: Conditions;
  /** What the field `Connection` says. */
  readonly connection: "keep-alive" | "close";
}
