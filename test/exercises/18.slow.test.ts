// The exercises of 18: a louder log, silent clients, and a word in private.
import { EXERCISES_18 } from "../../behaviours/exercises/18.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_18);
