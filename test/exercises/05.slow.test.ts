// The exercises of 05 · Commands.
import { EXERCISES_05 } from "../../behaviours/exercises/05.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_05);
