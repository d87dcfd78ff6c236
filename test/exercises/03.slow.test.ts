// The exercises of 03 · Modify.
import { EXERCISES_03 } from "../../behaviours/exercises/03.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_03);
