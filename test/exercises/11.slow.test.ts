// The exercises of 11 · Free names.
import { EXERCISES_11 } from "../../behaviours/exercises/11.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_11);
