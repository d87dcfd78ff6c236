// The loads that a server is put under, and the syntax of their names.
import { NotFound, UsageError } from "../cli.ts";

/** `rooms` rooms of `members` each, of which `senders` send, and `deaf` more that never read. */
export interface TalkLoad {
  readonly kind: "talk";
  readonly name: string;
  readonly rooms: number;
  readonly members: number;
  readonly senders: number;
  /** Closed loop: how many lines each sender keeps in flight. 0 with a rate. */
  readonly window: number;
  /** Open loop: lines per second, of all senders together. 0 with a window. */
  readonly rate: number;
  /** A line leaves the window when all members have received it, or when its sender has. */
  readonly until: "all" | "own";
  /** How many more members are in the room, with all buffers between server and member full. */
  readonly deaf: number;
}

/** `clients` connections that send nothing. */
export interface IdleLoad {
  readonly kind: "idle";
  readonly name: string;
  readonly clients: number;
  /** How long they have been idle when the memory is measured, in seconds. */
  readonly after: number;
}

/** `clients` connections that join one room as fast as they can. */
export interface StormLoad {
  readonly kind: "storm";
  readonly name: string;
  readonly clients: number;
}

/** `clients` at a time connect, join a room, talk and leave, over and over. */
export interface ChurnLoad {
  readonly kind: "churn";
  readonly name: string;
  readonly clients: number;
}

/** `clients` connections to an HTTP server, each with `pipelined` requests in flight. */
export interface GetLoad {
  readonly kind: "get";
  readonly name: string;
  readonly clients: number;
  readonly pipelined: number;
  /** Whether one more client sends requests as fast as it can, without waiting for responses. */
  readonly greedy: boolean;
}

/** `clients` connections that request a file from an HTTP server, over and over. */
interface FileLoad {
  readonly kind: "file";
  readonly name: string;
  readonly clients: number;
  /** The size of the file, in bytes. */
  readonly size: number;
}

/** `clients` at a time connect to an HTTP server, send one request, and are disconnected. */
export interface VisitLoad {
  readonly kind: "visit";
  readonly name: string;
  readonly clients: number;
}

/** `clients` connections that send an HTTP server one request, and stay open. */
export interface KeepLoad {
  readonly kind: "keep";
  readonly name: string;
  readonly clients: number;
}

export type Load =
  | TalkLoad
  | IdleLoad
  | StormLoad
  | ChurnLoad
  | GetLoad
  | FileLoad
  | VisitLoad
  | KeepLoad;

/** The loads that `just bench` runs when none is named. */
export const LOADS = [
  "fan100-s10-w16",
  "fan1000-s10-w16",
  "fan100-s10-w100",
  "fan100-s1-w16",
  "fan100-s1-w1",
  "rooms100x10-w1",
  "rooms100x10-r5000",
  "storm2000",
  "idle10000",
  "churn32",
];

/** The same for servers that speak HTTP. */
export const HTTP_LOADS = ["get64", "get512", "get64-p16", "visit64"];
/** The same for HTTP servers that serve files. */
export const FILE_LOADS = ["file64-1k", "file64-64k", "file8-10m"];

export const LOAD_HELP = `
  fanN-sS-wW      one room, N members, S of them send, W lines of each in flight
  fanN-sS-wW-own  the same, but a sender waits only for its own copy: overload
  fanN-sS-wW-dD   the same, with D more members that never read; from 18h on
  roomsKxN-wW     K rooms of N members, all of them send
  roomsKxN-rR     the same, at R lines a second in all, without waiting
  stormN          N clients join one room
  idleN           N connections that send nothing
  idleN-tT        the same, and T seconds later
  churnN          N at a time connect, join, talk, quit
  getN, getN-pP   for HTTP servers: N connections, P requests in flight each (1)
  getN-greedy     the same, with one more client that sends requests nonstop
  fileN-1k        for HTTP file servers: N connections request 1 kB;
                  fileN-64k and fileN-10m likewise
  visitN          for HTTP servers: N at a time connect, request once, and leave
  keepN           for HTTP servers: N connections request once, and stay open`;

/**
 * Returns the load of that name.
 *
 * @throws {NotFound} When there is no such load.
 * @throws {UsageError} When a number is out of range, or there are more senders than members.
 */
export function parseLoad(name: string): Load {
  const other = /^(storm|churn|visit|keep)(\d+)$/.exec(name);
  if (other) {
    const kind = other[1] as "storm" | "churn" | "visit" | "keep";
    return { kind, name, clients: positive(name, other[2]) };
  }
  const idle = /^idle(\d+)(?:-t(\d+))?$/.exec(name);
  if (idle) {
    const after = idle[2] === undefined ? 0 : positive(name, idle[2]);
    return { kind: "idle", name, clients: positive(name, idle[1]), after };
  }
  const get = /^get(\d+)(?:-p(\d+))?(-greedy)?$/.exec(name);
  if (get) {
    const clients = positive(name, get[1]);
    const pipelined = positive(name, get[2] ?? "1");
    return { kind: "get", name, clients, pipelined, greedy: get[3] !== undefined };
  }
  const file = /^file(\d+)-(\d{1,3})([km])$/.exec(name);
  if (file) {
    const clients = positive(name, file[1]);
    const size = positive(name, file[2]) * (file[3] === "k" ? 1024 : 1024 * 1024);
    return { kind: "file", name, clients, size };
  }
  const fan = /^fan(\d+)-s(\d+)-w(\d+)(?:(-own)|-d(\d+))?$/.exec(name);
  if (fan) {
    const members = positive(name, fan[1]);
    const senders = positive(name, fan[2]);
    if (senders > members)
      throw new UsageError(`Cannot run "${name}": more senders than members`);
    const window = positive(name, fan[3]);
    const until = fan[4] ? "own" : "all";
    const deaf = fan[5] === undefined ? 0 : positive(name, fan[5]);
    const talk = { kind: "talk", name, rooms: 1, members, senders } as const;
    return { ...talk, window, rate: 0, until, deaf };
  }
  const rooms = /^rooms(\d+)x(\d+)-([wr])(\d+)$/.exec(name);
  if (rooms) {
    const members = positive(name, rooms[2]);
    const amount = positive(name, rooms[4]);
    return {
      kind: "talk",
      name,
      rooms: positive(name, rooms[1]),
      members,
      senders: members,
      window: rooms[3] === "w" ? amount : 0,
      rate: rooms[3] === "r" ? amount : 0,
      until: "all",
      deaf: 0,
    };
  }
  const problem = `Cannot run "${name}": there is no such load`;
  throw new NotFound(
    problem,
    name,
    [...LOADS, ...HTTP_LOADS, ...FILE_LOADS],
    "just bench --help",
  );
}

function positive(name: string, text = ""): number {
  const value = Number(text);
  if (value >= 1 && value <= 1_000_000) return value;
  throw new UsageError(`Cannot run "${name}": ${text} is not from 1 to 1,000,000`);
}
