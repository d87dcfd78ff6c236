// The exercises of 13: the way back, an ear in the next room, and what was said before.
import { EXERCISES_13 } from "../../behaviours/exercises/13.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_13);
