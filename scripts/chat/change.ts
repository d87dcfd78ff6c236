// What an event of the server changes in the state.
import { type Event, knows } from "./protocol.ts";
import { answer } from "./question.ts";
import type { State } from "./state.ts";

export interface Change {
  readonly state: State;
  /** Lines for the server. */
  readonly send: readonly string[];
  /** Its line is not to be shown. */
  readonly hidden: boolean;
  /** What the client has to say to it. */
  readonly notes: readonly string[];
}

/** What an event changes, but for the dialect and the talk. */
export function changeBy(event: Event, state: State): Change {
  const shown = (next: State, send: string[] = [], notes: string[] = []): Change => ({
    state: { ...next, greeted: true },
    send,
    hidden: false,
    notes,
  });
  switch (event.kind) {
    case "help":
    case "command":
      // On coming back the help text is no news.
      return {
        state,
        send: [],
        hidden: state.connections > 1 && !state.greeted,
        notes: [],
      };
    case "you are":
      return greet(event.name, state, shown);
    case "said":
      return shown(see(state, event.name));
    case "renamed": {
      const users = insert(without(state.users, event.from), event.to);
      if (event.from !== state.name) return shown(doubt({ ...state, users }));
      const wanted = { ...state.wanted, name: event.to };
      return shown(doubt({ ...state, users, wanted, name: event.to }));
    }
    case "joined":
      if (event.name === state.name && event.room !== undefined) {
        return enter(event.room, state, shown);
      }
      return shown(doubt(see(state, event.name)));
    case "left":
      return shown(doubt({ ...state, users: without(state.users, event.name) }));
    case "you joined":
      return enter(event.room, state, shown);
    case "rooms": {
      const { questions, hidden } = answer(state.questions, "rooms");
      return { ...shown({ ...state, questions, rooms: event.rooms }), hidden };
    }
    case "users": {
      const { questions, hidden } = answer(state.questions, "users");
      return { ...shown({ ...state, questions, users: event.users }), hidden };
    }
    case "other":
      return shown(state);
  }
}

type Shown = (next: State, send?: string[], notes?: string[]) => Change;

/** The server has given us a name: ask for the one that we want. */
function greet(name: string, state: State, shown: Shown): Change {
  const wanted = { ...state.wanted, name: state.wanted.name ?? name };
  const next = { ...state, name, wanted, users: [name], room: undefined };
  if (wanted.name === name) return shown(next);
  if (knows(state.dialect, "/name")) return shown(next, [`/name ${wanted.name}`]);
  const first = state.connections <= 1;
  return shown(next, [], first ? ["This server gives the names itself"] : []);
}

/** We are in a room: on coming back perhaps not yet in the one that we were in. */
function enter(room: string, state: State, shown: Shown): Change {
  const rooms = state.rooms.some(({ name }) => name === room)
    ? state.rooms
    : [...state.rooms, { name: room, size: undefined }];
  const users = state.name === undefined ? [] : [state.name];
  const next: State = { ...state, room, rooms, users, returning: false, stale: "very" };
  const home = state.wanted.room;
  if (state.returning && home !== undefined && home !== room) {
    return shown(next, knows(state.dialect, "/join") ? [`/join ${home}`] : []);
  }
  return shown({ ...next, wanted: { ...state.wanted, room } });
}

function see(state: State, name: string): State {
  if (state.users.includes(name)) return state;
  return { ...state, users: insert(state.users, name) };
}

function doubt(state: State): State {
  return state.stale === "very" ? state : { ...state, stale: "somewhat" };
}

function without(users: readonly string[], name: string): string[] {
  return users.filter((user) => user !== name);
}

/** As the servers sort. */
function insert(users: readonly string[], name: string): readonly string[] {
  return users.includes(name) ? users : [...users, name].sort();
}
