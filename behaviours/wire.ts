// The server's lines, as each step sends them. This does not use any code of the steps.

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

/** What a client that sends `text` receives. */
export function said(step: number, name: string, text: string): string {
  if (step <= 2) return text;
  if (step <= 8) return `${text} ❤️`;
  return `${name}: ${text}`;
}

/** What a room's other members see when a user joins. */
export function joined(step: number, name: string, room: string): string {
  return step <= 16 ? `${name} joined ${room}` : `${name} joined`;
}

/** What a user who joins sees. */
export function youJoined(step: number, name: string, room: string): string {
  return step <= 16 ? `${name} joined ${room}` : `You joined ${room}`;
}

/** What a room's other members see when a user leaves. */
export function left(step: number, name: string, room: string): string {
  return step <= 16 ? `${name} left ${room}` : `${name} left`;
}

/** The user whose arrival or departure the line announces; undefined for any other line. */
export function announced(step: number, line: string): string | undefined {
  if (step < 12) return undefined;
  const pattern =
    step <= 16 ? /^([\w-]+) (joined|left) \S+$/ : /^([\w-]+) (joined|left)$/;
  return pattern.exec(line)?.[1];
}
