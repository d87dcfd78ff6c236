// The exercises of 16: users elsewhere, the eldest, and a word in private.
import { EXERCISES_16 } from "../../behaviours/exercises/16.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_16);
