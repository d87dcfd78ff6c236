// All behaviours of an HTTP server, as of r5.
import type { HttpBehaviour } from "./behaviour.ts";
import { FILES } from "./files.ts";
import { FRAMING } from "./framing.ts";
import { HEADS } from "./heads.ts";
import { LIFE } from "./life.ts";

/** Behaviours by subject, in the order of the RFC. */
export const HTTP_BEHAVIOURS: Readonly<Record<string, readonly HttpBehaviour[]>> = {
  heads: HEADS,
  framing: FRAMING,
  files: FILES,
  life: LIFE,
};
