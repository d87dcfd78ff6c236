// The exercises of r2 · Nonblocking.
import { EXERCISES_R2 } from "../../behaviours/exercises/r2.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R2);
