// The exercises of m1 · Log: history, the length of the log, and a log that survives a crash.
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { Unmet } from "../client.ts";
import type { Member } from "../member.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** How many entries the log has, according to the server's answer. */
async function entries(ann: Member): Promise<number> {
  ann.send("/log");
  const line = await ann.sees(/^Log - \d+ entries$/);
  return Number(/\d+/.exec(line)?.[0]);
}

export const EXERCISES_M1: readonly Exercise[] = [
  exercise("m1.1", "shows a newcomer what was said last", async ({ join, unique }) => {
    const ann = await join("ann");
    const room = unique("attic");
    await ann.joins(room);
    for (let i = 1; i <= 12; i += 1) await ann.talks(`number ${i}`);
    const bob = await join("bob");
    await bob.joins(room);
    for (let i = 3; i <= 12; i += 1) await bob.sees(ann.says(`number ${i}`));
    await bob.seesNothing();
    await ann.sees(bob.says("fence 1"));
    // A room that was empty has no history.
    await bob.joins("main", room);
    await ann.joins("main", room);
    await ann.joins(room);
    await ann.seesNothing(true);
  }),

  exercise("m1.2", "says how many entries the log has", async ({ join, unique }) => {
    const ann = await join("ann");
    const begun = await entries(ann);
    const grows = async (by: number, what: string) => {
      const now = await entries(ann);
      if (now - last !== by) {
        throw new Unmet(`${by} more in the log after ${what}`, `${now - last} more`);
      }
      last = now;
    };
    let last = begun;
    await grows(0, "/log");
    await ann.talks("hello");
    await grows(1, "a line");
    ann.sendBytes("one\ntwo\nthree\n");
    for (const text of ["one", "two", "three"]) await ann.sees(ann.says(text));
    await grows(1, "three lines at once");
    await ann.joins(unique("attic"));
    await grows(1, "a change of rooms");
    await ann.renames(unique("Ann"));
    await grows(2, "a change of names");
    ann.send(`/name ${ann.name}x!`);
    await ann.sees("Name must be 2 - 20 alphanumeric chars");
    await grows(0, "a name that is refused");
    const bob = await join("bob");
    await bob.leaves();
    await ann.talks("Bob?");
    await grows(3, "a visit and a line");
  }),

  exercise(
    "m1.3",
    "knows after a crash what was said before",
    async ({ joinOn, starts }) => {
      const folder = mkdtempSync(path(tmpdir(), "log-"));
      const LOG = path(folder, "log");
      const said: string[] = [];
      try {
        // By the third time, more than ten lines have been said.
        for (let time = 1; time <= 3; time += 1) {
          const server = await starts({ LOG });
          const ann = await joinOn(server, "ann");
          for (const line of said.slice(-10)) await ann.sees(line);
          await ann.seesNothing(true);
          said.push(ann.says("fence 1"));
          // The users from before the crash are gone.
          ann.send("/users");
          await ann.sees(`Users - ${ann.name}`);
          await ann.renames("Ann");
          for (const text of ["hello", "is it late?", "it is", "so", "bye", `${time}`]) {
            await ann.talks(text);
            said.push(ann.says(text));
          }
          server.process.kill("SIGKILL");
          await server.process.ended;
          // The crash has cut off the next entry.
          appendFileSync(LOG, '{"kind":"sa');
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    { starts: true },
  ),
];
