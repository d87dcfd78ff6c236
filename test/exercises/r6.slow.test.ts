// The exercises of r6 · Reactor.
import { EXERCISES_R6 } from "../../behaviours/exercises/r6.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R6);
