// The exercises of r3 · Epoll.
import { type Client, Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { asks, dawdles, prints, sleepsOf } from "./file-client.ts";

export const EXERCISES_R3: readonly Exercise[] = [
  exercise("r3.1", "accepts no connection while a hundred are open", async (world) => {
    const there: Client[] = [];
    for (let number = 1; number <= 100; number += 1) {
      there.push(await dawdles(world, `client${number}`));
    }
    await prints(world, /^full$/m);
    const late = await world.connect("late");
    late.sendBytes("GET /poem.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    await there[50]?.resets();
    await prints(world, /^full\nroom again$/m);
    await late.sees(/^HTTP\/1\.1 200 OK/);
    await late.seesEndSomeTime();
  }),

  exercise(
    "r3.2",
    "closes an idle connection, and sleeps until then",
    async (world) => {
      const slow = await dawdles(world);
      const before = sleepsOf(world);
      // An answer, such as 408, is fine.
      await slow.seesEndSomeTime();
      const sleeps = sleepsOf(world) - before;
      // A server that polls every few milliseconds would sleep over a hundred times.
      if (sleeps > 50) throw new Unmet("a long sleep", `${sleeps} sleeps`);
      const response = await asks(world, "/poem.txt");
      if (!response.startsWith("HTTP/1.1 200 OK")) throw new Unmet("the poem", response);
    },
    { process: true },
  ),

  exercise("r3.3", "answers several requests on one connection", async (world) => {
    const ann = await world.connect("ann");
    const request = "GET /style.css HTTP/1.1\r\nHost: x\r\n";
    // HTTP/1.1 keeps a connection open unless an answer says "close".
    const seesFile = async ({ last = false } = {}) => {
      await ann.sees(/^HTTP\/1\.1 200 OK/);
      for (let line = ""; line !== "\r"; line = await ann.line("the head's end")) {
        if (last || line !== "Connection: close\r") continue;
        throw new Unmet("a response that does not announce the end", line);
      }
      while ((await ann.line()) !== "}");
    };
    ann.sendBytes(`${request}\r\n${request}\r\n${request}`);
    await seesFile();
    await seesFile();
    ann.sendBytes("\r\n");
    await seesFile();
    ann.sendBytes(`${request}Connection: close\r\n\r\n`);
    await seesFile({ last: true });
    await ann.seesEnd();
  }),
];
