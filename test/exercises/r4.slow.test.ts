// The exercises of r4 · Poll.
import { EXERCISES_R4 } from "../../behaviours/exercises/r4.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R4);
