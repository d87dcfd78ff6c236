// The exercises of r8 · Runtime.
import { EXERCISES_R8 } from "../../behaviours/exercises/r8.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R8);
