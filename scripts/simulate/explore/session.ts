// A random session: which clients connect, what they do, and how they leave.
import { Random } from "../kernel/random.ts";

export type Action =
  | { readonly kind: "say"; readonly lines: number; readonly waits: boolean }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "join"; readonly room: string }
  | { readonly kind: "ask"; readonly command: string }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "stall"; readonly ms: number }
  | { readonly kind: "endless" };

/** How a client's connection ends; "stays" until all others have left. */
type Parting = "stays" | "closes" | "half-closes" | "resets" | "quits";

export interface Role {
  readonly label: string;
  /** When it connects, in milliseconds after the first client. */
  readonly arrives: number;
  readonly actions: readonly Action[];
  readonly parting: Parting;
}

export interface Session {
  /** The first role stays to the end, always reads, and sees everything in main. */
  readonly roles: readonly Role[];
  /** How many sockets the server may have open. */
  readonly descriptors: number;
}

const LABELS = ["ann", "bob", "eve", "joe", "kim", "liv"];
const NAMES = ["Red", "Blue", "Green"];
const ROOMS = ["attic", "cellar", "main"];
const PARTINGS: readonly Parting[] = [
  "stays",
  "closes",
  "half-closes",
  "resets",
  "quits",
];

/** Draws the session of a seed, using only what the step's server understands. */
export function drawSession(seed: number, step: number): Session {
  const random = Random.fork(seed, 0);
  const count = 2 + random.below(LABELS.length - 1);
  const roles = LABELS.slice(0, count).map((label, index): Role => {
    if (index === 0) return { label, arrives: 0, actions: [], parting: "stays" };
    const actions = Array.from({ length: random.below(9) }, () =>
      drawAction(random, step),
    );
    const arrives = random.below(3) * random.below(200);
    return { label, arrives, actions, parting: random.of(PARTINGS) };
  });
  // The listening socket takes a descriptor too.
  const descriptors = random.luck(0.1) ? count : 1024;
  return { roles, descriptors };
}

function drawAction(random: Random, step: number): Action {
  const draw = random.next();
  if (draw < 0.1) return { kind: "pause", ms: random.below(500) };
  if (draw < 0.15) return { kind: "stall", ms: random.below(2_000) };
  if (draw < 0.155 && step >= 4) return { kind: "endless" };
  if (draw < 0.35 && step >= 10) return { kind: "name", name: random.of(NAMES) };
  if (draw < 0.6 && step >= 13) return { kind: "join", room: random.of(ROOMS) };
  if (draw < 0.7 && step >= 5) return { kind: "ask", command: drawCommand(random, step) };
  const lines = random.luck(0.1) ? 1 + random.below(40) : 1 + random.below(3);
  return { kind: "say", lines, waits: random.luck(0.5) };
}

function drawCommand(random: Random, step: number): string {
  const commands = ["/help"];
  if (step >= 14) commands.push("/rooms");
  if (step >= 16) commands.push("/users");
  if (step >= 17) commands.push("/nmae Red");
  return random.of(commands);
}

/** How every session ends, as text: see play.ts. */
export const LAST =
  "zoe: comes when all have gone, takes their names, asks for rooms and users";

/** A session as text: one line per role. */
export function describeSession({ roles, descriptors }: Session): string[] {
  const lines = roles.map(({ label, arrives, actions, parting }) => {
    const when = arrives > 0 ? [`comes after ${arrives} ms`] : [];
    return `${label}: ${[...when, ...actions.map(describeAction), parting].join(", ")}`;
  });
  return descriptors < 1024
    ? [...lines, `the server: ${descriptors} descriptors`]
    : lines;
}

function describeAction(action: Action): string {
  switch (action.kind) {
    case "say": {
      const lines = action.lines === 1 ? "a line" : `${action.lines} lines`;
      return `says ${lines}${action.waits ? " and waits for it" : ""}`;
    }
    case "name":
      return `/name ${action.name}`;
    case "join":
      return `/join ${action.room}`;
    case "ask":
      return action.command;
    case "pause":
      return `pauses ${action.ms} ms`;
    case "endless":
      return "sends a line without an end";
    case "stall":
      return `reads nothing for ${action.ms} ms`;
  }
}
