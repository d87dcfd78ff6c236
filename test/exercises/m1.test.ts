// The exercises of m1: what was said before one came.
import { EXERCISES_M1 } from "../../behaviours/exercises/m1.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_M1);
