// Whether the machine can run here. Its library is that of one Node: another fetches it from
// npm, which `just test` does not.
import { VERSION } from "../../scripts/simulate/node/natives.ts";
import { ALL } from "../requirements.ts";

export const HAS_LIBRARY = ALL || process.versions.node === VERSION;

if (!HAS_LIBRARY) {
  console.warn(`NOT RUN here: the machine, as this is not Node ${VERSION}; see --all`);
}
