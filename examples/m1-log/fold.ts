// The fold: turns a log of entries into the state of a chat. All readers of the same
// entries get the same users, names and rooms: no clock, no randomness, no I/O.

/** What is appended to the log. Each entry has a subject, whose last entry counts. */
export type Entry =
  /** From now on the user `id` has this name, and no other, and is in this room. */
  | { kind: "name"; name: string; id: string; life: string; room: string }
  /** The name is free. A user that has it leaves. */
  | { kind: "gone"; name: string; life: string }
  /** Lines that users said in a room, each with its speaker's name. */
  | { kind: "say"; room: string; life: string; lines: readonly Line[] }
  /** A server's life is over: its users leave, and what it still appends is void. */
  | { kind: "dead"; life: string };

export type Line = readonly [name: string, text: string];

/** An effect of an entry, to be shown to clients. */
export type Effect =
  | { kind: "joined"; user: User; room: string }
  | { kind: "left"; user: User; room: string }
  | { kind: "moved"; user: User; from: string; room: string }
  | { kind: "renamed"; user: User; was: string; room: string }
  | { kind: "said"; room: string; lines: readonly Line[] };

export interface User {
  readonly id: string;
  /** The life of the server that it is connected to. */
  readonly life: string;
  readonly name: string;
  /** Its room, in the spelling of its entry; `roomNamed` gives the room's name. */
  readonly room: string;
}

/** The last entry of a name. */
interface Last {
  readonly seq: number;
  /** The id of the user that took it, which may have left or been renamed since. */
  readonly id: string | undefined;
}

/** Names and rooms are compared without regard to case. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

/** Returns an entry's subject. Only the last entry of a subject counts. */
export function subjectOf(entry: Entry): string {
  switch (entry.kind) {
    case "name":
    case "gone":
      return `name.${keyOf(entry.name)}`;
    case "say":
      return `say.${keyOf(entry.room)}`;
    case "dead":
      return `dead.${entry.life}`;
  }
}

/**
 * The state of the chat, as far as the log has been read.
 *
 * ```text
 *   41 name.ann   Ann is user A1, in main          joined
 *   42 say.main   A: "Ann: hi"                     said
 *   43 name.bob   Bob is user B1, in main          joined
 *   44 dead.A     A is dead                        Ann left, her name is free
 *   45 say.main   A: "Ann: still here?"            void
 * ```
 *
 * The last entry of each subject yields the same chat as all entries, so a server that
 * starts later reads only those.
 */
export class Chat {
  readonly #names = new Map<string, Last>();
  readonly #users = new Map<string, User>();
  /** The users of each room by its key, in the order of their last entries. */
  readonly #rooms = new Map<string, Map<string, User>>();
  readonly #dead = new Set<string>();
  #seq = 0;

  /** The number of the last entry that was read; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** The lives of the servers that have users. */
  lives(): Set<string> {
    return new Set(Array.from(this.#users.values(), ({ life }) => life));
  }

  /** The user of this id, as long as it is in the chat. */
  user(id: string): User | undefined {
    return this.#users.get(id);
  }

  /** The number of the last entry about a name, 0 for none; for a compare-and-set. */
  lastOf(name: string): number {
    return this.#names.get(keyOf(name))?.seq ?? 0;
  }

  /** Whether a user may take a name, because it is free or its own. */
  isFreeFor(id: string, name: string): boolean {
    const user = this.#userNamed(name);
    return user === undefined || user.id === id;
  }

  /** Whether a user was the last to take a name, and has not given it back. */
  holds(id: string, name: string): boolean {
    return this.#names.get(keyOf(name))?.id === id;
  }

  /** The names of the users in a room, sorted. */
  usersIn(room: string): string[] {
    const users = this.#rooms.get(keyOf(room))?.values() ?? [];
    return Array.from(users, ({ name }) => name).sort();
  }

  /** `main (3)`, `attic (1)`: most users first, then by name. */
  rooms(): string[] {
    return Array.from(this.#rooms, ([key, users]) => {
      return { name: this.roomNamed(key), size: users.size };
    })
      .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))
      .map(({ name, size }) => `${name} (${size})`);
  }

  /** A room's name, in the spelling of the user with the oldest entry, the map's first. */
  roomNamed(room: string): string {
    const key = keyOf(room);
    // The room where all users start is called main, even if one reopens it as MAIN.
    if (key === "main") return key;
    const [first] = this.#rooms.get(key)?.values() ?? [];
    return first?.room ?? room;
  }

  /**
   * Reads an entry.
   *
   * @param seq The entry's number, larger than that of the previous one.
   * @returns The entry's effects; none for an entry of a life that is over.
   * @throws {Error} When the entry's kind is unknown: other servers may know it.
   */
  apply(seq: number, entry: Entry): Effect[] {
    this.#seq = seq;
    switch (entry.kind) {
      case "name":
        return this.#name(seq, entry);
      case "gone":
        return this.#gone(seq, entry);
      case "say":
        return this.#say(entry);
      case "dead":
        return this.#die(entry.life);
      default:
        entry satisfies never;
        throw new Error("its kind is unknown");
    }
  }

  #name(seq: number, entry: Entry & { kind: "name" }): Effect[] {
    const { id, life, name, room } = entry;
    this.#names.set(keyOf(name), { seq, id });
    if (this.#dead.has(life)) return [];
    const user: User = { id, life, name, room };
    const before = this.#users.get(id);
    // Asked before it leaves: without this user, the room may have another name.
    const from = this.roomNamed(before?.room ?? room);
    if (before) this.#remove(before);
    this.#users.set(id, user);
    const users = this.#rooms.get(keyOf(room)) ?? new Map<string, User>();
    this.#rooms.set(keyOf(room), users.set(id, user));
    if (!before) return [{ kind: "joined", user, room }];
    const effects: Effect[] = [];
    if (before.name !== name) {
      effects.push({ kind: "renamed", user, was: before.name, room: from });
    }
    if (keyOf(before.room) !== keyOf(room)) {
      effects.push({ kind: "moved", user, from, room });
    }
    return effects;
  }

  #gone(seq: number, { life, name }: Entry & { kind: "gone" }): Effect[] {
    // After a rename no user has the old name, so none leaves.
    const user = this.#userNamed(name);
    this.#names.set(keyOf(name), { seq, id: undefined });
    if (user?.life !== life) return [];
    this.#remove(user);
    return [{ kind: "left", user, room: user.room }];
  }

  #say({ life, lines, room }: Entry & { kind: "say" }): Effect[] {
    // A line is valid only if a user of that server has its name, and is in that room.
    const valid = lines.filter(([name]) => {
      const user = this.#userNamed(name);
      return (
        user?.name === name && user.life === life && keyOf(user.room) === keyOf(room)
      );
    });
    return valid.length > 0 ? [{ kind: "said", room, lines: valid }] : [];
  }

  #die(life: string): Effect[] {
    this.#dead.add(life);
    const users = [...this.#users.values()].filter((user) => user.life === life);
    for (const user of users) this.#remove(user);
    return users.map((user): Effect => ({ kind: "left", user, room: user.room }));
  }

  /** The user with a name: the last that took it, unless it has taken another since. */
  #userNamed(name: string): User | undefined {
    const user = this.#users.get(this.#names.get(keyOf(name))?.id ?? "");
    return user && keyOf(user.name) === keyOf(name) ? user : undefined;
  }

  #remove(user: User): void {
    this.#users.delete(user.id);
    const key = keyOf(user.room);
    const users = this.#rooms.get(key);
    users?.delete(user.id);
    if (users?.size === 0) this.#rooms.delete(key);
  }
}
