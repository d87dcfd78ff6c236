// The model of a chat: what must hold in every session, whatever the schedule.
import { errorIn, first, ghosts, misheard, twins, unheard } from "./evidence.ts";
import type { Played } from "./play.ts";
import { compareWindows, windowsOf } from "./windows.ts";

/** A rule that was broken, and how. */
export interface Broken {
  readonly rule: string;
  /** The first step in which the rule holds; before it, this is a known defect. */
  readonly since: number;
  readonly how: string;
}

interface Evidence extends Played {
  readonly step: number;
  /** What the server wrote, and how it ended; undefined when it did not. */
  readonly output: string;
  readonly ending: number | string | undefined;
  /** How many sockets it could have open. */
  readonly descriptors: number;
}

interface Rule {
  readonly name: string;
  readonly since: number;
  /** The first step to which the rule applies. */
  readonly from: number;
  readonly find: (evidence: Evidence) => string | undefined;
}

/** Step 2 no longer exits after a client; step 6 no longer crashes when one is lost. */
const KEEPS_RUNNING = "the server keeps running";

/** In this order, because an earlier failure best explains the later ones. */
const RULES: readonly Rule[] = [
  {
    name: "the server listens",
    since: 1,
    from: 1,
    find: ({ accounts, refused, output }) =>
      accounts.length + refused.length === 0 ? `it ended: ${errorIn(output)}` : undefined,
  },
  {
    name: KEEPS_RUNNING,
    since: 2,
    from: 1,
    find: ({ ending }) => (ending === 0 ? "it ended, with exit code 0" : undefined),
  },
  {
    name: KEEPS_RUNNING,
    since: 6,
    from: 1,
    find: ({ ending, output }) =>
      ending === undefined || ending === 0
        ? undefined
        : `it ended with ${ending}: ${errorIn(output)}`,
  },
  {
    name: "every client is served",
    since: 6,
    from: 1,
    find: ({ accounts, refused, descriptors, step }) => {
      if (descriptors < 1024) return undefined;
      if (refused.length > 0) return `${refused[0]} was refused`;
      // In step 7 a client must send something to receive anything: a known limit.
      return step === 7 ? undefined : first(accounts, ({ missed }) => missed);
    },
  },
  {
    name: "a line comes back whole, and once",
    since: 4,
    from: 1,
    find: ({ accounts, step }) => first(accounts, (one) => misheard(one, step)),
  },
  {
    name: "a line without an end is cut off",
    since: 17,
    from: 4,
    find: ({ accounts }) =>
      first(accounts, ({ label, hasEndlessLine, wasCutForIt }) =>
        hasEndlessLine && !wasCutForIt
          ? `${label} sent a line without an end, and was not cut off`
          : undefined,
      ),
  },
  {
    name: "a line reaches everyone in its room",
    since: 8,
    from: 6,
    find: ({ accounts }) => unheard(accounts),
  },
  {
    name: "a client that is cut off has a reason",
    since: 8,
    from: 6,
    find: ({ accounts, output, descriptors }) => {
      if (descriptors < 1024) return undefined;
      const cuts = accounts.flatMap(({ cut }) => cut ?? []);
      const reasons = output.match(/Cannot keep up|"msg":"stuck"/g)?.length ?? 0;
      return cuts.length > reasons ? cuts[0] : undefined;
    },
  },
  {
    name: "all in a room see the same, in the same order",
    since: 8,
    from: 6,
    find: ({ accounts, step }) => compareWindows(accounts, step),
  },
  {
    name: "nothing is delivered to another room",
    since: 13,
    from: 13,
    find: ({ accounts, step }) => {
      for (const { label, room, lines } of windowsOf(accounts, step)) {
        const stray = lines.find(
          (line) => / in \S+$/.test(line) && !line.endsWith(` in ${room}`),
        );
        if (stray !== undefined) return `${label} sees in ${room}: ${stray}`;
      }
      return undefined;
    },
  },
  {
    name: "no two users have the same name",
    since: 10,
    from: 9,
    find: ({ accounts }) => twins(accounts),
  },
  {
    name: "a departure is announced",
    since: 12,
    from: 12,
    find: ({ accounts, step }) => ghosts(accounts, step),
  },
  {
    name: "a name is free again when its user is gone",
    since: 11,
    from: 10,
    find: ({ aftermath }) =>
      aftermath?.kept[0] && `${aftermath.kept[0]} is taken, and nobody has it`,
  },
  {
    name: "a room disappears with its last user",
    since: 15,
    from: 14,
    find: ({ aftermath }) =>
      aftermath?.rooms && aftermath.rooms !== "Rooms - main (1)"
        ? aftermath.rooms
        : undefined,
  },
  {
    name: "a user is listed as long as they are there",
    since: 16,
    from: 16,
    find: ({ aftermath }) =>
      aftermath?.users?.includes(",") ? aftermath.users : undefined,
  },
  {
    name: "a mistyped command is not delivered",
    since: 18,
    from: 17,
    find: ({ accounts }) =>
      first(accounts, ({ label, seen }) => {
        const line = seen.find((one) => one.includes(": /nmae"));
        return line && `${label} sees "${line}"`;
      }),
  },
];

/** The rules that a session broke, of those that apply to its step. */
export function judge(evidence: Evidence): Broken[] {
  return RULES.flatMap(({ name, since, from, find }) => {
    const how = evidence.step >= from ? find(evidence) : undefined;
    return how === undefined ? [] : [{ rule: name, since, how }];
  });
}
