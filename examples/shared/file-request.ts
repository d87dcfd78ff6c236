// What a file worker needs to know about a request for a file.
import type { Conditions } from "./http-conditions.ts";

export interface FileRequest {
  /** GET or HEAD. */
  readonly method: string;
  /** The decoded path segments. The last one is empty for a folder, and means its index. */
  readonly segments: readonly string[];
  readonly conditions: Conditions;
  /** The value of the answer's `Connection` field. */
  readonly connection: "keep-alive" | "close";
}
