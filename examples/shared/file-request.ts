// What a file worker needs to know about a request for a file.
import type { Conditions } from "./http-conditions.ts";

export interface FileRequest {
  /** GET or HEAD. */
  readonly method: string;
  /** The decoded path segments. One empty segment means index.html. */
  readonly segments: readonly string[];
  readonly conditions: Conditions;
  /** The value of the answer's `Connection` field. */
  readonly connection: "keep-alive" | "close";
}
