// The exercises of r3 · Epoll.
import { EXERCISES_R3 } from "../../behaviours/exercises/r3.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_R3);
