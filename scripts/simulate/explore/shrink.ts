// Shrinks a session that breaks a rule.
import { WEATHERS } from "../kernel/weather.ts";
import { explore, type Question, type Verdict } from "./explore.ts";
import type { Action, Role, Session } from "./session.ts";

/** How many schedules each shorter session is tried with; its own seed's comes first. */
const SCHEDULES = 6;
/** After this many tries the session is short enough. */
const TRIES = 400;

/**
 * The shortest session found that breaks the same rule: without every role, action and
 * delay that it does not need, and in the calmest weather.
 *
 * @param found The outcome of the seed's session; `rule` is one that it broke.
 */
export async function shrink(
  question: Question,
  found: Verdict,
  rule: string,
): Promise<Verdict> {
  let best = found;
  let tries = 0;
  const attempt = async (session: Session, weather: Verdict["weather"]) => {
    for (let other = 0; other < SCHEDULES && tries < TRIES; other += 1, tries += 1) {
      const seed = found.seed + other * 1_000_003;
      const verdict = await explore({ ...question, seed, session, weather });
      if (verdict.broken.some((one) => one.rule === rule)) {
        best = verdict;
        return true;
      }
    }
    return false;
  };
  for (const weather of WEATHERS) {
    if (weather.name === found.weather.name) break;
    if (await attempt(best.session, weather)) break;
  }
  for (let isShorter = true; isShorter && tries < TRIES; ) {
    isShorter = false;
    for (const session of shorterOf(best.session)) {
      if (!(await attempt(session, best.weather))) continue;
      isShorter = true;
      break;
    }
  }
  return best;
}

/** All slightly shorter sessions, those that leave out the most first. */
function* shorterOf(session: Session): Generator<Session> {
  const { roles } = session;
  // The first role is the witness, which the rules need.
  for (let index = roles.length - 1; index > 0; index -= 1) {
    yield { ...session, roles: roles.filter((_, other) => other !== index) };
  }
  for (const [index, role] of roles.entries()) {
    for (const shorter of shorterRoles(role)) {
      yield { ...session, roles: roles.with(index, shorter) };
    }
  }
  if (session.descriptors < 1024) yield { ...session, descriptors: 1024 };
}

function* shorterRoles(role: Role): Generator<Role> {
  const { actions } = role;
  if (actions.length > 1) yield { ...role, actions: [] };
  for (const index of actions.keys()) {
    yield { ...role, actions: actions.filter((_, other) => other !== index) };
  }
  for (const [index, action] of actions.entries()) {
    const shorter = shorterAction(action);
    if (shorter) yield { ...role, actions: actions.with(index, shorter) };
  }
  if (role.arrives > 0) yield { ...role, arrives: 0 };
}

function shorterAction(action: Action): Action | undefined {
  if (action.kind !== "say") return undefined;
  if (action.lines > 1) return { ...action, lines: Math.floor(action.lines / 2) };
  return action.waits ? { ...action, waits: false } : undefined;
}
