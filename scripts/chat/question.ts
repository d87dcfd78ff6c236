// The questions that keep the lists of rooms and users fresh, and their answers.
import { knows } from "./protocol.ts";
import type { State, Step } from "./state.ts";

export interface Question {
  readonly kind: "rooms" | "users";
  /** Asked by the client itself: its answer does not belong into the talk. */
  readonly hidden: boolean;
  readonly at: number;
}

/** How long the client waits between its questions, in milliseconds. */
const PAUSE = { very: 1000, somewhat: 5000, no: 30_000 };
/** After so long there will be no answer. */
const PATIENCE = 10_000;
const KINDS = ["rooms", "users"] as const;

/**
 * Asks for rooms and users when it is time to, as far as the server has these commands.
 * Now and then also when nothing was seen to change: of other rooms nothing is seen.
 */
export function ask(state: State, now: number): Step {
  const questions = state.questions.filter(({ at }) => now - at < PATIENCE);
  const kinds = KINDS.filter((kind) => knows(state.dialect, `/${kind}`));
  if (
    state.link.kind !== "up" ||
    state.room === undefined ||
    kinds.length === 0 ||
    questions.some(({ hidden }) => hidden) ||
    now - state.askedAt < PAUSE[state.stale]
  ) {
    const same = questions.length === state.questions.length;
    return { state: same ? state : { ...state, questions }, send: [] };
  }
  const own = kinds.map((kind) => ({ kind, hidden: true, at: now }));
  return {
    state: { ...state, questions: [...questions, ...own], stale: "no", askedAt: now },
    send: kinds.map((kind) => `/${kind}`),
  };
}

/** Remembers that somebody has typed a question: its answer is to be shown. */
export function expectAnswer(state: State, line: string, now: number): State {
  const [command = ""] = line.split(/\s/, 1);
  const kind = KINDS.find((name) => command === `/${name}`);
  if (kind === undefined || !knows(state.dialect, command)) return state;
  const question = { kind, hidden: false, at: now };
  return { ...state, questions: [...state.questions, question] };
}

/** Finds whose answer has come: a server answers in the order of the questions. */
export function answer(
  questions: readonly Question[],
  kind: Question["kind"],
): { questions: readonly Question[]; hidden: boolean } {
  const index = questions.findIndex((question) => question.kind === kind);
  return {
    questions: questions.toSpliced(0, index + 1),
    hidden: questions[index]?.hidden ?? false,
  };
}
