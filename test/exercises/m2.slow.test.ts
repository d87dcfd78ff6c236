// The exercises of m2: who is where, one entry for all rooms, and a server that is cut off.
import { EXERCISES_M2 } from "../../behaviours/exercises/m2.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_M2);
