// The table of behaviours. The tests check each of them on every step of its range, `just check`
// on any server in any language, and the site shows them as a matrix.
import type { Behaviour } from "./behaviour.ts";
import { CHAT } from "./chat.ts";
import { ECHO } from "./echo.ts";
import { HOSTILE } from "./hostile.ts";
import { LIMITS } from "./limits.ts";
import { LINES } from "./lines.ts";
import { NAMES } from "./names.ts";
import { ROOMS } from "./rooms.ts";

/** All behaviours, in the order in which the steps add them. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...ECHO,
  ...LINES,
  ...CHAT,
  ...NAMES,
  ...ROOMS,
  ...LIMITS,
  ...HOSTILE,
].sort((a, b) => a.from - b.from);

/** The behaviours that hold in a step. @param step The number of the step. */
export function behavioursOf(step: number): Behaviour[] {
  return BEHAVIOURS.filter(({ from, to }) => from <= step && step <= to);
}
