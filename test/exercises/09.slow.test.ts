// The exercises of 09 · Names.
import { EXERCISES_09 } from "../../behaviours/exercises/09.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_09);
