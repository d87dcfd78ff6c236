// The exercises of m1: what was said before, how long the log is, and a log that stays.
import { EXERCISES_M1 } from "../../behaviours/exercises/m1.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_M1);
