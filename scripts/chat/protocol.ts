// The line protocol of the steps: what a line of the server means.

/** A command of the server, as its help text lists it. */
export interface Command {
  /** With its slash: `/join`. */
  readonly name: string;
  /** What has to follow it, when something does: `room`. */
  readonly argument: string | undefined;
}

export interface Room {
  readonly name: string;
  /** How many users are in it, when the server has said so. */
  readonly size: number | undefined;
}

/** What the lines so far have shown of the server: the steps speak differently. */
export interface Dialect {
  readonly commands: readonly Command[];
  /** The last line belonged to a help text. */
  readonly inHelp: boolean;
  /** It has said `You are X`: steps from 9 on. Anything else is a plain line server. */
  readonly named: boolean;
  /** `X joined room` (12 to 16), or `X joined` (17 and 18). */
  readonly joins: "unknown" | "with room" | "without room";
}

export type Event =
  | { readonly kind: "help" }
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "you are"; readonly name: string }
  | { readonly kind: "said"; readonly name: string }
  | { readonly kind: "renamed"; readonly from: string; readonly to: string }
  | {
      readonly kind: "joined" | "left";
      readonly name: string;
      /** Only where the server names it. */
      readonly room: string | undefined;
    }
  | { readonly kind: "you joined"; readonly room: string }
  | { readonly kind: "rooms"; readonly rooms: readonly Room[] }
  | { readonly kind: "users"; readonly users: readonly string[] }
  /** A notice, or any line of a server that is no chat of names. */
  | { readonly kind: "other" };

/** What is known of a server that has said nothing yet. */
export const NO_DIALECT: Dialect = {
  commands: [],
  inHelp: false,
  named: false,
  joins: "unknown",
};

/** What a line means, from a server that speaks this dialect. */
export function parse(line: string, dialect: Dialect): Event {
  if (line === "Server commands") return { kind: "help" };
  const command = /^ {2}(\/\S+)(?: \{([^}]*)\})? - /.exec(line);
  // Where lines have no names before them, anybody could say what looks like help.
  if (command?.[1] !== undefined && dialect.inHelp) {
    return { kind: "command", command: { name: command[1], argument: command[2] } };
  }
  if (dialect.named) return parseNamed(line, dialect);
  const name = dialect.inHelp ? /^You are (\S+)$/.exec(line)?.[1] : undefined;
  return name === undefined ? { kind: "other" } : { kind: "you are", name };
}

function parseNamed(line: string, { joins }: Dialect): Event {
  // First of all: nobody can say anything but after their name and a colon.
  const speaker = /^(\S+): /.exec(line)?.[1];
  if (speaker !== undefined) return { kind: "said", name: speaker };

  const [, from, to] = /^(\S+) is now (\S+)$/.exec(line) ?? [];
  if (from !== undefined && to !== undefined) return { kind: "renamed", from, to };

  if (line.startsWith("Rooms - ")) return { kind: "rooms", rooms: parseRooms(line) };
  if (line.startsWith("Users - ")) {
    return { kind: "users", users: line.slice("Users - ".length).split(", ") };
  }
  // From 12 to 16 a user may have taken the name You.
  const own = joins === "with room" ? undefined : /^You joined (\S+)$/.exec(line)?.[1];
  if (own !== undefined) return { kind: "you joined", room: own };

  const pattern =
    joins === "without room" ? /^(\S+) (joined|left)()$/ : /^(\S+) (joined|left) (\S+)$/;
  const [, name, verb, room] = pattern.exec(line) ?? [];
  if (name === undefined || verb === undefined) return { kind: "other" };
  // To go is told to oneself as well, before the new room is.
  if (joins === "unknown" && name === "You") return { kind: "other" };
  return { kind: verb === "joined" ? "joined" : "left", name, room: room || undefined };
}

function parseRooms(line: string): Room[] {
  const rooms = line.slice("Rooms - ".length).matchAll(/(\S+) \((\d+)\)(?:, |$)/g);
  return Array.from(rooms, ([, name = "", size]) => ({ name, size: Number(size) }));
}

/** What is known of the server after this event. */
export function learn(dialect: Dialect, event: Event): Dialect {
  switch (event.kind) {
    case "help":
      return { ...dialect, inHelp: true, commands: [] };
    case "command":
      return { ...dialect, commands: [...dialect.commands, event.command] };
    case "you are":
      return { ...dialect, inHelp: false, named: true };
    case "you joined":
      return { ...dialect, inHelp: false, joins: "without room" };
    case "joined":
      if (event.room === undefined || dialect.joins !== "unknown") break;
      return { ...dialect, inHelp: false, joins: "with room" };
  }
  return dialect.inHelp ? { ...dialect, inHelp: false } : dialect;
}

/** Whether the server's help lists the command. */
export function knows(dialect: Dialect, command: string): boolean {
  return dialect.commands.some(({ name }) => name === command);
}
