// The exercises of 07 · Kinda chat.
import { EXERCISES_07 } from "../../behaviours/exercises/07.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_07);
