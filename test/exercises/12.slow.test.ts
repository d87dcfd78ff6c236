// The exercises of 12 · Main room.
import { EXERCISES_12 } from "../../behaviours/exercises/12.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_12);
