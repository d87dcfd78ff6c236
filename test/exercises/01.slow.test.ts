// The exercises of 01 · Echo.
import { EXERCISES_01 } from "../../behaviours/exercises/01.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_01);
