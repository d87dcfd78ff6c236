// Servers on one log, without a network and without time: each step of a schedule lets one of
// them read some entries, or append one. A seed decides what comes next.
import {
  Chat,
  type Effect,
  type Entry,
  keyOf,
  subjectOf,
} from "../../examples/m1-log/fold.ts";

/** A log with a compare-and-set, as the servers share it. */
export class SharedLog {
  readonly entries: Entry[] = [];
  readonly #last = new Map<string, number>();

  /** @returns whether it was appended. */
  append(entry: Entry, expected?: number): boolean {
    const subject = subjectOf(entry);
    if (expected !== undefined && expected !== (this.#last.get(subject) ?? 0))
      return false;
    this.#last.set(subject, this.entries.push(entry));
    return true;
  }

  /** The number of the last entry of each subject, in order: what a new server reads. */
  compacted(): number[] {
    return [...this.#last.values()].sort((a, b) => a - b);
  }
}

/** Numbers from a seed (mulberry32): the same in every run. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

/** What clients of one server would know, if all they had were its announcements. */
export class Witness {
  readonly rooms = new Map<string, Set<string>>();
  readonly said: string[] = [];

  sees(effect: Effect): void {
    if (effect.kind === "said") {
      for (const [name, text] of effect.lines) {
        if (!this.#in(effect.room).has(name)) throw new Error(`${name} is not there`);
        this.said.push(`${name}: ${text}`);
      }
      return;
    }
    const { kind, room, user } = effect;
    if (kind === "left") this.#remove(room, user.name);
    if (kind === "moved") this.#remove(effect.from, user.name);
    if (kind === "renamed") this.#remove(room, effect.was);
    if (kind !== "left") this.#add(room, user.name);
  }

  #add(room: string, name: string): void {
    if (this.#in(room).has(name)) throw new Error(`${name} joins ${room} twice`);
    this.#in(room).add(name);
  }

  #remove(room: string, name: string): void {
    if (!this.#in(room).delete(name)) throw new Error(`${name} leaves, but is not there`);
  }

  #in(room: string): Set<string> {
    const key = keyOf(room);
    const names = this.rooms.get(key) ?? new Set<string>();
    this.rooms.set(key, names);
    return names;
  }
}

const NAMES = ["Ann", "ann", "Bob", "Cy"];
const ROOMS = ["main", "main", "attic", "Attic"];

interface Person {
  readonly id: string;
  name: string;
  /** A name that a rename left behind, whose end comes next. */
  old: string | undefined;
}

/** A server of the cluster: what it has read, and who is connected to it. */
export class SimServer {
  readonly chat = new Chat();
  readonly witness = new Witness();
  readonly log: SharedLog;
  life: string;
  /** It has crashed: it reads on, so that it can be compared, but appends no more. */
  crashed = false;
  #people: Person[] = [];
  #lives = 0;
  #ids = 0;
  readonly #name: string;

  constructor(name: string, log: SharedLog) {
    this.#name = name;
    this.life = name;
    this.log = log;
  }

  /** Reads up to so many entries. */
  read(count: number): void {
    const to = Math.min(this.log.entries.length, this.chat.seq + count);
    for (let seq = this.chat.seq + 1; seq <= to; seq += 1) {
      const entry = this.log.entries[seq - 1];
      if (!entry) return;
      for (const effect of this.chat.apply(seq, entry)) this.witness.sees(effect);
      if (entry.kind === "dead" && entry.life === this.life) {
        this.#lives += 1;
        this.life = `${this.#name}${this.#lives}`;
        this.#people = [];
      }
    }
  }

  /** Appends something, as far as it has read: by that it may be wrong. */
  act(random: (below: number) => number, others: readonly SimServer[]): void {
    const person = this.#people[random(this.#people.length + 2)];
    const name = NAMES[random(NAMES.length)] ?? "";
    const room = this.chat.roomNamed(ROOMS[random(ROOMS.length)] ?? "");
    if (!person) {
      const what = random(12);
      const victim = others[random(others.length)];
      if (what === 0 && victim) this.log.append({ kind: "dead", life: victim.life });
      else this.#enter(name, room);
      return;
    }
    const user = this.chat.user(person.id);
    // It waits for what it has appended.
    if (!user) return;
    if (person.old !== undefined) this.#giveBack(person, person.old);
    else if (keyOf(user.name) !== keyOf(person.name)) return;
    else this.#talk(Math.min(3, random(8)), person, name, room);
  }

  #enter(name: string, room: string): void {
    this.#ids += 1;
    const person = { id: `${this.life}.${this.#ids}`, name, old: undefined };
    if (this.#append(person, name, room)) this.#people.push(person);
  }

  #talk(what: number, person: Person, name: string, room: string): void {
    const user = this.chat.user(person.id);
    if (!user) return;
    const { life } = this;
    if (what === 0) {
      const was = person.name;
      if (!this.#append(person, name, user.room)) return;
      person.name = name;
      if (keyOf(was) !== keyOf(name)) person.old = was;
    } else if (what === 1) this.#append(person, person.name, room);
    else if (what === 2) this.#giveBack(person, person.name);
    else {
      const lines = [[user.name, person.id] as const];
      this.log.append({ kind: "say", room: user.room, life, lines });
    }
  }

  #append({ id }: Person, name: string, room: string): boolean {
    const { life } = this;
    if (!this.chat.isFreeFor(id, name)) return false;
    const last = this.chat.lastOf(name);
    return this.log.append({ kind: "name", name, id, life, room }, last);
  }

  #giveBack(person: Person, name: string): void {
    const entry = { kind: "gone", name, life: this.life } as const;
    // Another may have it by now.
    const holds = this.chat.holds(person.id, name);
    if (holds && !this.log.append(entry, this.chat.lastOf(name))) return;
    if (name === person.old) person.old = undefined;
    else this.#people = this.#people.filter((one) => one !== person);
  }
}

/** All that /users and /rooms can say. */
export function snapshot(chat: Chat): string {
  const rooms = ROOMS.map((room) => `${room}: ${chat.usersIn(room).join()}`);
  const free = NAMES.filter((name) => chat.isFreeFor("nobody", name));
  return [...rooms, chat.rooms().join(), `free: ${free.join()}`].join("\n");
}

/** Runs a schedule. @returns the servers, all of which have read everything. */
export function runSchedule(seed: number, steps: number, servers = 3): SimServer[] {
  const random = randomFrom(seed);
  const log = new SharedLog();
  const all = ["A", "B", "C"].slice(0, servers).map((name) => new SimServer(name, log));
  for (let step = 0; step < steps; step += 1) {
    const server = all[random(all.length)];
    if (!server) continue;
    if (random(80) === 0) server.crashed = true;
    if (random(4) === 0) server.read(1 + random(12));
    else if (!server.crashed) server.act(random, all);
  }
  for (const server of all) server.read(log.entries.length);
  return all;
}
