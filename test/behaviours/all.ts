// All behaviours, in the order in which the steps bring them.
import "./steps/echo.ts";
import "./steps/lines.ts";
import "./steps/chat.ts";
import "./steps/names.ts";
import "./steps/rooms.ts";
import "./steps/limits.ts";
import { BEHAVIOURS, type Behaviour } from "./table.ts";

BEHAVIOURS.sort((a, b) => a.from - b.from);

/** Those that hold in a step. */
export function behavioursOf(step: number): Behaviour[] {
  return BEHAVIOURS.filter(({ from, to }) => from <= step && step <= to);
}

export { BEHAVIOURS, type Behaviour };
