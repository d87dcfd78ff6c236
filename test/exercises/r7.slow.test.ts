// The exercises of r7 · I/O server.
import { EXERCISES_R7 } from "../../behaviours/exercises/r7.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R7);
