// The exercises of 14: hidden rooms, an order for people, and pages.
import { EXERCISES_14 } from "../../behaviours/exercises/14.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_14);
