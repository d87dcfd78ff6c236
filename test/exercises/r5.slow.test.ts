// The exercises of r5 · State machine.
import { EXERCISES_R5 } from "../../behaviours/exercises/r5.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R5);
