// The table of behaviours. The tests hold every one of them against every step of its range,
// `just check` against any server in any language, and the site draws them as a matrix.
import type { Behaviour } from "./behaviour.ts";
import { CHAT } from "./chat.ts";
import { ECHO } from "./echo.ts";
import { HOSTILE } from "./hostile.ts";
import { LIMITS } from "./limits.ts";
import { LINES } from "./lines.ts";
import { NAMES } from "./names.ts";
import { ROOMS } from "./rooms.ts";

/** All behaviours, in the order in which the steps bring them. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...ECHO,
  ...LINES,
  ...CHAT,
  ...NAMES,
  ...ROOMS,
  ...LIMITS,
  ...HOSTILE,
].sort((a, b) => a.from - b.from);

/** Those that hold in a step. */
export function behavioursOf(step: number): Behaviour[] {
  return BEHAVIOURS.filter(({ from, to }) => from <= step && step <= to);
}
