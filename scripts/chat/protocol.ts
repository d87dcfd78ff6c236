// The line protocol of the steps: what a line from the server means.

/** A command of the server, as listed in its help text. */
export interface Command {
  /** The name, including its slash: `/join`. */
  readonly name: string;
  /** The argument that it requires, if any: `room`. */
  readonly argument: string | undefined;
}

export interface Room {
  readonly name: string;
  /** How many users are in it, if the server has reported that. */
  readonly size: number | undefined;
}

/** The kind of a line, and the words in it that matter. */
export interface Event {
  readonly kind: keyof typeof LINES | "other";
  readonly words: readonly (string | undefined)[];
}

const LINES = {
  // First, because users can say things only after their name and a colon.
  said: /^(\S+): /,
  help: /^(Server commands)$/,
  command: /^ {2}(\/\S+)(?: \{([^}]*)\})? - /,
  "you are": /^You are (\S+)$/,
  renamed: /^(\S+) is now (\S+)$/,
  rooms: /^Rooms - (.*)$/,
  users: /^Users - (.*)$/,
  // From step 17 on only the user who moves gets the room's name, and is called `You`.
  joined: /^(\S+) joined(?: (\S+))?$/,
  left: /^(\S+) left(?: (\S+))?$/,
};

/** Parses a line from a server of step 9 or later. */
export function parse(line: string): Event {
  for (const [kind, pattern] of Object.entries(LINES)) {
    const [, ...words] = pattern.exec(line) ?? [];
    if (words.length > 0) return { kind: kind as keyof typeof LINES, words };
  }
  return { kind: "other", words: [] };
}

/** The rooms in a list such as `main (12), attic (1)`. */
export function parseRooms(list: string): Room[] {
  const rooms = list.matchAll(/(\S+) \((\d+)\)(?:, |$)/g);
  return Array.from(rooms, ([, name = "", size]) => ({ name, size: Number(size) }));
}
