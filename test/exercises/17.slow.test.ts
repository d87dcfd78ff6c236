// The exercises of 17: a counter, a limit in bytes, and names that cannot be guessed.
import { EXERCISES_17 } from "../../behaviours/exercises/17.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_17);
