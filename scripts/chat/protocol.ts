// The line protocol of the steps: what a line of the server means.

/** A command of the server, as its help text lists it. */
export interface Command {
  /** With its slash: `/join`. */
  readonly name: string;
  /** What has to follow it, if anything: `room`. */
  readonly argument: string | undefined;
}

export interface Room {
  readonly name: string;
  /** How many users are in it, if the server has said so. */
  readonly size: number | undefined;
}

/** A kind of line, and its words that matter. */
export interface Event {
  readonly kind: keyof typeof LINES | "other";
  readonly words: readonly (string | undefined)[];
}

const LINES = {
  // First of all: nobody can say anything but after their name and a colon.
  said: /^(\S+): /,
  help: /^(Server commands)$/,
  command: /^ {2}(\/\S+)(?: \{([^}]*)\})? - /,
  "you are": /^You are (\S+)$/,
  renamed: /^(\S+) is now (\S+)$/,
  rooms: /^Rooms - (.*)$/,
  users: /^Users - (.*)$/,
  // From 17 on only the user that moves gets the room's name, and is called `You`.
  joined: /^(\S+) joined(?: (\S+))?$/,
  left: /^(\S+) left(?: (\S+))?$/,
};

/** What a line of a server of step 9 or later means. */
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
