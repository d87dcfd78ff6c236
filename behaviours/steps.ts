// The steps: their names, their folders, and the protocols they speak.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** The folder that holds the examples. */
export const EXAMPLES = join(ROOT, "examples");

export interface Step {
  /** Its number in its part of the book, from 1. */
  readonly number: number;
  /** The folder's name: `06-concurrent`, `r3-epoll`. */
  readonly slug: string;
  readonly folder: string;
  readonly part: "chat" | "reactor" | "machines";
  /**
   * The protocol on its connections: bytes without regard to lines; lines; lines of a chat whose
   * users have names; or HTTP.
   */
  readonly speaks: "bytes" | "lines" | "chat" | "http";
}

/** The eighteen steps, in order. */
export const STEPS: readonly Step[] = stepsNamed(/^\d\d-/, "chat");
/** The steps of the reactor part, in order: from `r1-blocking` on. */
export const REACTOR_STEPS: readonly Step[] = stepsNamed(/^r\d-/, "reactor");
/** The steps beyond one machine: from `m1-log` on. They do what the last of the eighteen does. */
export const MACHINE_STEPS: readonly Step[] = stepsNamed(/^m\d-/, "machines");
/** The steps in the table of the chat: the eighteen, and the chat on our own runtime. */
export const CHAT_STEPS: readonly Step[] = [
  ...STEPS,
  ...REACTOR_STEPS.filter(({ speaks }) => speaks === "chat"),
];
/** The steps of each part of the book. */
export const PARTS: readonly (readonly Step[])[] = [STEPS, REACTOR_STEPS, MACHINE_STEPS];
/** All steps, in the order of the book. */
export const ALL_STEPS: readonly Step[] = PARTS.flat();

function stepsNamed(pattern: RegExp, part: Step["part"]): Step[] {
  return readdirSync(EXAMPLES)
    .filter((name) => pattern.test(name))
    .sort()
    .map((slug) => {
      const number = Number.parseInt(slug.replace(/^[a-z]/, ""), 10);
      const folder = join(EXAMPLES, slug);
      return { number, slug, folder, part, speaks: speechOf(part, number) };
    });
}

function speechOf(part: Step["part"], number: number): Step["speaks"] {
  if (part === "machines") return "chat";
  if (part === "reactor") return number < 9 ? "http" : "chat";
  if (number <= 3) return "bytes";
  return number <= 8 ? "lines" : "chat";
}

/** A step's idea: the first line of its server, after its name. */
export function ideaOf(step: Step): string {
  const source = readFileSync(join(step.folder, "server.ts"), "utf8");
  const [first = ""] = source.split("\n");
  return first.replace(`// ${step.slug}: `, "");
}

/** The files that a step may have besides its help text. r6 to r9 have a file for each part. */
const FILES = [
  "server.ts",
  "connection.ts",
  "routes.ts",
  "handler.ts",
  "reactor.ts",
  "event-loop.ts",
  "io.ts",
  "io-server.ts",
  "port.ts",
  "memory.ts",
  "program.ts",
  "listener.ts",
  "client.ts",
  "input.ts",
  "files.ts",
  "stop.ts",
  "service.ts",
  "serve.ts",
  "thread.ts",
  "options.ts",
  "fold.ts",
  "log.ts",
  "lives.ts",
  "async.ts",
  "generators.ts",
  "futures.ts",
  "chat-rooms.ts",
  "room.ts",
  "visit.ts",
  "page.ts",
  "sessions.ts",
  "events.ts",
];

/** The number of the step of the chat whose lines this step sends. */
export function dialectOf({ part, number, speaks }: Step): number {
  return part !== "chat" && speaks === "chat" ? STEPS.length : number;
}

/** The names of the files that make up a step. */
export function filesOf(step: Step): string[] {
  const { folder } = step;
  return [...FILES, "help.txt"].filter((name) => existsSync(join(folder, name)));
}
