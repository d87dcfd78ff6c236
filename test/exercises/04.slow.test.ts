// The exercises of 04 · Lines.
import { EXERCISES_04 } from "../../behaviours/exercises/04.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_04);
