// The exercises of 15: main stays, news of a room that is gone, and the last one out.
import { EXERCISES_15 } from "../../behaviours/exercises/15.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_15);
