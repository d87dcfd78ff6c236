// All that a server of HTTP does, as r5 has it.
import type { HttpBehaviour } from "./behaviour.ts";
import { FILES } from "./files.ts";
import { FRAMING } from "./framing.ts";
import { HEADS } from "./heads.ts";
import { LIFE } from "./life.ts";

/** By what they are about, in the order of the RFC. */
export const HTTP_BEHAVIOURS: Readonly<Record<string, readonly HttpBehaviour[]>> = {
  heads: HEADS,
  framing: FRAMING,
  files: FILES,
  life: LIFE,
};
