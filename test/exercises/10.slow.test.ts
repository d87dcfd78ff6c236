// The exercises of 10 · Rename.
import { EXERCISES_10 } from "../../behaviours/exercises/10.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_10);
