// The exercises of r2 · Nonblocking.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { asks, dawdles, sleepsOf, until } from "./file-client.ts";

export const EXERCISES_R2: readonly Exercise[] = [
  exercise("r2.1", "reports how often it has polled", async (world) => {
    const rounds: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const response = await asks(world, "/rounds");
      const [, number] = /\r\n\r\n\D*(\d+)\D*$/.exec(response) ?? [];
      if (number === undefined) throw new Unmet("a number", response);
      rounds.push(Number(number));
    }
    const [first = 0, second = 0, third = 0] = rounds;
    if (first > 0 && second > first && third > second) return;
    throw new Unmet("numbers that grow", rounds.join(", "));
  }),

  exercise(
    "r2.2",
    "sleeps when there is nothing to do",
    async (world) => {
      // Without clients: serving one makes garbage each round, and the collector sleeps too.
      const before = sleepsOf(world);
      await until(world, "it to sleep 100 times", () => sleepsOf(world) > before + 100);
      const response = await asks(world, "/poem.txt");
      if (!response.startsWith("HTTP/1.1 200 OK")) throw new Unmet("the poem", response);
    },
    { process: true },
  ),

  exercise("r2.3", "closes an idle connection", async (world) => {
    const slow = await dawdles(world);
    // An answer, such as 408, is fine.
    await slow.seesEndSomeTime();
    const response = await asks(world, "/poem.txt");
    if (!response.startsWith("HTTP/1.1 200 OK")) throw new Unmet("the poem", response);
  }),
];
