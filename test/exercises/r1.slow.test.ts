// The exercises of r1 · Blocking.
import { EXERCISES_R1 } from "../../behaviours/exercises/r1.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R1);
