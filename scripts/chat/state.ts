// What the client knows: a reducer from what happens to what is shown and sent.
import { type Change, changeBy } from "./change.ts";
import { printable } from "./printable.ts";
import { type Dialect, learn, NO_DIALECT, parse, type Room } from "./protocol.ts";
import { ask, expectAnswer, type Question } from "./question.ts";

/** How many entries of the talk are kept. */
export const MAX_ENTRIES = 5000;
/** The most characters of a line that are shown: step 18 allows 400, others a megabyte. */
const MAX_SHOWN = 8192;

/** A line of the talk. */
export interface Entry {
  /** One more than the entry before has. */
  readonly id: number;
  /** `notice`: by the server. `client`: by this program. */
  readonly kind: "said" | "own" | "notice" | "client";
  /** Whose words they are. */
  readonly name: string | undefined;
  readonly text: string;
}

export type Link =
  | { readonly kind: "up" }
  | { readonly kind: "trying" }
  /** `until` in milliseconds of the clock that the client runs by. */
  | { readonly kind: "waiting"; readonly until: number };

export interface State {
  readonly link: Link;
  readonly dialect: Dialect;
  readonly name: string | undefined;
  readonly room: string | undefined;
  /** Of the current room, sorted. */
  readonly users: readonly string[];
  readonly rooms: readonly Room[];
  readonly entries: readonly Entry[];
  readonly nextId: number;
  /** What to ask of the next server that greets us. */
  readonly wanted: {
    readonly name: string | undefined;
    readonly room: string | undefined;
  };
  /** How many times the connection was made. */
  readonly connections: number;
  /** Nothing came yet but a help text that was shown before. */
  readonly greeted: boolean;
  /** Back, but not yet in the room that we were in. */
  readonly returning: boolean;
  /** Whose answers have not come, in the order of asking. */
  readonly questions: readonly Question[];
  /** What is known of rooms and users may be wrong; `very` after a change of room. */
  readonly stale: "no" | "somewhat" | "very";
  readonly askedAt: number;
}

export type Input =
  | { readonly kind: "connected" }
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  | { readonly kind: "trying" }
  | { readonly kind: "lost"; readonly reason: string; readonly until: number }
  /** What the person at the keyboard has sent. */
  | { readonly kind: "sent"; readonly lines: readonly string[]; readonly now: number }
  | { readonly kind: "tick"; readonly now: number };

export interface Step {
  readonly state: State;
  /** Lines for the server. */
  readonly send: readonly string[];
}

/** @param name What to ask for as soon as there is a server that gives names. */
export function initialState(name?: string): State {
  return {
    link: { kind: "trying" },
    dialect: NO_DIALECT,
    name: undefined,
    room: undefined,
    users: [],
    rooms: [],
    entries: [],
    nextId: 0,
    wanted: { name, room: undefined },
    connections: 0,
    greeted: false,
    returning: false,
    questions: [],
    stale: "no",
    askedAt: Number.NEGATIVE_INFINITY,
  };
}

/** What follows from an input. */
export function reduce(state: State, input: Input): Step {
  switch (input.kind) {
    case "connected":
      return { state: connected(state), send: [] };
    case "lines":
      return receive(state, input.lines);
    case "trying":
      return { state: { ...state, link: { kind: "trying" } }, send: [] };
    case "lost": {
      const link: Link = { kind: "waiting", until: input.until };
      // Of the attempts that fail the status line tells enough.
      const news =
        state.link.kind === "up" ? [`Lost the connection: ${input.reason}`] : [];
      return { state: append({ ...state, link }, news.map(byClient)), send: [] };
    }
    case "sent":
      return { state: sent(state, input.lines, input.now), send: [] };
    case "tick":
      return ask(state, input.now);
  }
}

type News = Omit<Entry, "id">;
const byClient = (text: string): News => ({ kind: "client", name: undefined, text });

function connected(state: State): State {
  const again = state.connections > 0;
  const next: State = {
    ...state,
    link: { kind: "up" },
    dialect: NO_DIALECT,
    users: [],
    rooms: [],
    connections: state.connections + 1,
    greeted: false,
    returning: again,
    questions: [],
    stale: "no",
    askedAt: Number.NEGATIVE_INFINITY,
  };
  return append(next, again ? [byClient("Connected again")] : []);
}

function receive(before: State, lines: readonly string[]): Step {
  let state = before;
  const news: News[] = [];
  const send: string[] = [];
  for (const raw of lines) {
    const cut = raw.length > MAX_SHOWN ? `${raw.slice(0, MAX_SHOWN)}…` : raw;
    const text = printable(cut);
    const event = parse(text, state.dialect);
    const change: Change = changeBy(event, state);
    state = { ...change.state, dialect: learn(state.dialect, event) };
    send.push(...change.send);
    if (change.hidden) continue;
    const name = event.kind === "said" ? event.name : undefined;
    const kind = name === undefined ? "notice" : name === state.name ? "own" : "said";
    news.push({ kind, name, text });
    news.push(...change.notes.map(byClient));
  }
  return { state: append(state, news), send };
}

function sent(state: State, lines: readonly string[], now: number): State {
  let next: State = { ...state, greeted: true };
  for (const line of lines) next = expectAnswer(next, line, now);
  // A chat sends back what one says; a plain line server may, or may not.
  if (state.dialect.named) return next;
  return append(
    next,
    lines.map((line) => ({ kind: "own", name: undefined, text: printable(line) })),
  );
}

/** All at once: a copy of thousands for each line of a flood would be slow. */
function append(state: State, news: readonly News[]): State {
  if (news.length === 0) return state;
  const fresh = news.map((entry, index) => ({ ...entry, id: state.nextId + index }));
  const entries = [...state.entries, ...fresh].slice(-MAX_ENTRIES);
  return { ...state, entries, nextId: state.nextId + news.length };
}
