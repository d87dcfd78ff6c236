// The exercises of 08 · Chat.
import { EXERCISES_08 } from "../../behaviours/exercises/08.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_08);
