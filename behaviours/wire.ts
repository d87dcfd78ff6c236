// The server's lines, as each step sends them. No code of the steps is used here.

const COMMANDS = [
  { from: 5, line: "  /help - prints this message" },
  { from: 10, line: "  /name {name} - change name" },
  { from: 14, line: "  /rooms - list rooms" },
  { from: 13, line: "  /join {room} - joins room" },
  { from: 16, line: "  /users - lists users in current room" },
  { from: 5, line: "  /quit - quits server" },
];

/** The lines of the help text. */
export function help(step: number): string[] {
  const lines = COMMANDS.filter(({ from }) => step >= from).map(({ line }) => line);
  return step >= 5 ? ["Server commands", ...lines] : [];
}

/** What comes back to one who says `text`. */
export function said(step: number, name: string, text: string): string {
  if (step <= 2) return text;
  if (step <= 8) return `${text} ❤️`;
  return `${name}: ${text}`;
}

/** What a room's other members see when somebody comes. */
export function joined(step: number, name: string, room: string): string {
  return step <= 16 ? `${name} joined ${room}` : `${name} joined`;
}

/** What those who come see themselves. */
export function youJoined(step: number, name: string, room: string): string {
  return step <= 16 ? `${name} joined ${room}` : `You joined ${room}`;
}

/** What a room's other members see when somebody goes. */
export function left(step: number, name: string, room: string): string {
  return step <= 16 ? `${name} left ${room}` : `${name} left`;
}

/** Whose coming or going the line is about; undefined when it is about something else. */
export function announced(step: number, line: string): string | undefined {
  if (step < 12) return undefined;
  const pattern =
    step <= 16 ? /^([\w-]+) (joined|left) \S+$/ : /^([\w-]+) (joined|left)$/;
  return pattern.exec(line)?.[1];
}
