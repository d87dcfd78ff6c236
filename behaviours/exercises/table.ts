// All exercises: what each solution does, and its step does not.
import { EXERCISES_01 } from "./01.ts";
import { EXERCISES_02 } from "./02.ts";
import { EXERCISES_03 } from "./03.ts";
import { EXERCISES_04 } from "./04.ts";
import { EXERCISES_05 } from "./05.ts";
import { EXERCISES_06 } from "./06.ts";
import { EXERCISES_07 } from "./07.ts";
import { EXERCISES_08 } from "./08.ts";
import { EXERCISES_09 } from "./09.ts";
import { EXERCISES_10 } from "./10.ts";
import { EXERCISES_11 } from "./11.ts";
import { EXERCISES_12 } from "./12.ts";
import { EXERCISES_13 } from "./13.ts";
import { EXERCISES_14 } from "./14.ts";
import { EXERCISES_15 } from "./15.ts";
import { EXERCISES_16 } from "./16.ts";
import { EXERCISES_17 } from "./17.ts";
import { EXERCISES_18 } from "./18.ts";
import type { Exercise } from "./exercise.ts";
import { EXERCISES_M1 } from "./m1.ts";
import { EXERCISES_M2 } from "./m2.ts";
import { EXERCISES_R1 } from "./r1.ts";
import { EXERCISES_R2 } from "./r2.ts";
import { EXERCISES_R3 } from "./r3.ts";
import { EXERCISES_R4 } from "./r4.ts";
import { EXERCISES_R5 } from "./r5.ts";
import { EXERCISES_R6 } from "./r6.ts";
import { EXERCISES_R7 } from "./r7.ts";
import { EXERCISES_R8 } from "./r8.ts";
import { EXERCISES_R9 } from "./r9.ts";

/** All exercises, in the order of the book. */
export const EXERCISES: readonly Exercise[] = [
  ...EXERCISES_01,
  ...EXERCISES_02,
  ...EXERCISES_03,
  ...EXERCISES_04,
  ...EXERCISES_05,
  ...EXERCISES_06,
  ...EXERCISES_07,
  ...EXERCISES_08,
  ...EXERCISES_09,
  ...EXERCISES_10,
  ...EXERCISES_11,
  ...EXERCISES_12,
  ...EXERCISES_13,
  ...EXERCISES_14,
  ...EXERCISES_15,
  ...EXERCISES_16,
  ...EXERCISES_17,
  ...EXERCISES_18,
  ...EXERCISES_R1,
  ...EXERCISES_R2,
  ...EXERCISES_R3,
  ...EXERCISES_R4,
  ...EXERCISES_R5,
  ...EXERCISES_R6,
  ...EXERCISES_R7,
  ...EXERCISES_R8,
  ...EXERCISES_R9,
  ...EXERCISES_M1,
  ...EXERCISES_M2,
];
