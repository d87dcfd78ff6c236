// The picture of the log on the page of m1 is what a run leaves: the session above it is played
// on the solution that keeps its log in a file, and the picture is read again from that file.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { Chat, type Effect, type Entry } from "../../examples/m1-log/fold.ts";
import { fencesIn } from "../../scripts/docs/session/fences.ts";
import { parseSession } from "../../scripts/docs/session/parse-session.ts";
import { replay } from "../../scripts/docs/session/replay.ts";
import { drawnAs, textsOf } from "./drawn.ts";

const PAGE = "docs/m1-log.md";
const svg = readFileSync(join(ROOT, "docs/figures/m1-log.svg"), "utf8");

/** The log that the session of the page leaves. */
async function playedLog(): Promise<Entry[]> {
  const folder = mkdtempSync(join(tmpdir(), "log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [fence] = fencesIn(PAGE, readFileSync(join(ROOT, PAGE), "utf8"), ["session"]);
  if (fence === undefined) throw new Error("no session");
  const session = { ...parseSession(fence), server: "m1.3" };
  const LOG = join(folder, "log");
  await replay(session, { built: inject("built"), env: { LOG, LOG_LEVEL: "silent" } });
  const lines = readFileSync(LOG, "utf8").trim().split("\n");
  return lines.map((line): Entry => JSON.parse(line));
}

/** What the picture says of an entry, below its subject. */
function inWords(effects: readonly Effect[]): string {
  const [effect] = effects;
  if (effect === undefined) return "nothing to see";
  if (effect.kind === "said") return effect.lines.map((line) => line.join(": ")).join();
  const { kind, user, room } = effect;
  if (kind === "renamed") return `${effect.was} is now ${user.name}`;
  return kind === "moved" ? `${user.name} moved to ${room}` : `${user.name} ${kind}`;
}

const ROOMS = ["attic", "main"];

function chatInWords(chat: Chat): string {
  const users = ROOMS.map((room) => [room, chat.usersIn(room).join(", ")] as const);
  return users.flatMap(([room, names]) => (names ? `${room}: ${names}` : [])).join("; ");
}

/** The rooms that an effect is shown in. */
function roomsOf(effect: Effect): string[] {
  return effect.kind === "moved" ? [effect.from, effect.room] : [effect.room];
}

test("the picture of m1's log is the log of its session", async () => {
  const chat = new Chat();
  const entries = await playedLog();
  const [first, second] = new Set(entries.flatMap((one) => ("id" in one ? one.id : [])));
  const clients = [
    ["Ann", first ?? ""],
    ["Bob", second ?? ""],
  ] as const;
  const rows: string[][] = [];
  const shown: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const wereIn = new Map(clients.map(([, id]) => [id, chat.user(id)?.room]));
    const effects = chat.apply(index + 1, entry);
    const rooms = effects.flatMap(roomsOf);
    for (const [label, id] of clients) {
      const own = [wereIn.get(id), chat.user(id)?.room];
      if (own.some((room) => room !== undefined && rooms.includes(room))) {
        shown.push(`${index + 1} ${label}`);
      }
    }
    rows.push([`${index + 1}`, drawnAs(entry), inWords(effects), chatInWords(chat)]);
  }
  // The last two of the small texts are the legend.
  const [subjects, small, chats] = ["mono", "small", "chat"].map((kind) =>
    textsOf(svg, kind),
  );
  const drawn = textsOf(svg, "num").map((number, at) =>
    [number, subjects?.[at], small?.[at], chats?.[at]].map(String),
  );
  expect(drawn).toEqual(rows);
  const dots = svg.matchAll(/data-entry="(\d+)" data-client="(\w+)"/g);
  const dotted = Array.from(dots, ([, entry, client]) => `${entry} ${client}`);
  expect(dotted).toEqual(shown);
});
