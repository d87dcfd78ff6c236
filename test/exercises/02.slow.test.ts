// The exercises of 02 · Serial.
import { EXERCISES_02 } from "../../behaviours/exercises/02.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_02);
