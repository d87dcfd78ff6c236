// Plays a random session against a server. It runs on the machine, in the actors' program.
import { Actor } from "./actor.ts";
import type { Role, Session } from "./session.ts";

/** What the last client finds after all others have left. */
interface Aftermath {
  /** Names that have not been released. */
  readonly kept: readonly string[];
  /** The answer to `/rooms`; undefined where there is no such command. */
  readonly rooms: string | undefined;
  readonly users: string | undefined;
}

export interface Played {
  readonly accounts: readonly Actor[];
  /** The labels of the clients that the server refused. */
  readonly refused: readonly string[];
  readonly aftermath: Aftermath | undefined;
}

/** How often the last client retries something that may be released only just now. */
const TRIES = 20;
/** By this time nothing of the session is in flight, in milliseconds. */
const QUIET = 60_000;

/**
 * Plays a session: its actors run concurrently, then those who stay say one more line, then
 * all leave, and one more client looks at what is left.
 */
export async function play(
  { roles }: Session,
  step: number,
  port: number,
): Promise<Played> {
  const accounts: Actor[] = [];
  const refused: string[] = [];
  const [witness, ...others] = roles;
  const enter = async (role: Role) => {
    try {
      const actor = await Actor.connect(role, step, port);
      accounts.push(actor);
      await actor.isGreeted();
      return actor;
    } catch {
      refused.push(role.label);
      return undefined;
    }
  };
  const act = async (role: Role) => {
    await sleep(role.arrives);
    const actor = await enter(role);
    for (const action of role.actions)
      if (actor && !isOver(actor)) await actor.does(action);
    if (actor && role.parting !== "stays") await actor.parts();
  };
  const first = witness && (await enter(witness));
  await Promise.all(others.map(act));
  await sleep(QUIET);
  const staying = accounts.filter(({ parting }) => parting === "stays");
  if (first && step >= 8) await agree(staying);
  await sleep(QUIET);
  await Promise.all(staying.map((actor) => actor.parts()));
  await sleep(QUIET);
  const names = new Set(accounts.flatMap((one) => one.names.map(({ name }) => name)));
  const last: Role = { label: "zoe", arrives: 0, actions: [], parting: "closes" };
  const zoe = await enter(last);
  const aftermath = zoe && !isOver(zoe) ? await look(zoe, names, step) : undefined;
  return { accounts, refused, aftermath };
}

/** Each actor says one more line, and everyone in its room must see it. */
async function agree(staying: readonly Actor[]): Promise<void> {
  for (const actor of staying) if (!isOver(actor)) await actor.says([""], false);
  for (const actor of staying) {
    for (const other of staying) {
      const line = other.said.at(-1)?.line;
      if (isOver(actor) || isOver(other) || other.room !== actor.room) continue;
      if (line !== undefined) await actor.hasSeen(line);
    }
  }
}

/** Tries to take each name that was used, and asks for rooms and users. */
async function look(zoe: Actor, names: Set<string>, step: number): Promise<Aftermath> {
  const kept: string[] = [];
  for (const name of step >= 10 ? names : []) {
    for (let tries = 0; tries < TRIES && zoe.name !== name && !isOver(zoe); tries += 1) {
      if (tries > 0) await sleep(QUIET / TRIES);
      await zoe.does({ kind: "name", name });
    }
    if (zoe.name !== name) kept.push(name);
  }
  const ask = async (command: string, start: string) => {
    await zoe.does({ kind: "ask", command });
    return zoe.sees(`an answer to ${command}`, (line) => line.startsWith(start));
  };
  const rooms = step >= 14 ? await ask("/rooms", "Rooms - ") : undefined;
  const users = step >= 16 ? await ask("/users", "Users - ") : undefined;
  await zoe.parts();
  return { kept, rooms, users };
}

function isOver(actor: Actor): boolean {
  return actor.end !== undefined || actor.missed !== undefined || actor.cut !== undefined;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
