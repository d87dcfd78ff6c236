// The exercises of r9 · Chat.
import { EXERCISES_R9 } from "../../behaviours/exercises/r9.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R9);
