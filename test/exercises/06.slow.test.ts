// The exercises of 06 · Concurrent.
import { EXERCISES_06 } from "../../behaviours/exercises/06.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_06);
