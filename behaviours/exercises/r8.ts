// The exercises of r8 · Runtime.
import { type Client, Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { dawdles, prints } from "./file-client.ts";

const HELLO = "GET /hello/ann HTTP/1.1\r\nHost: x\r\n\r\n";
/** How many clients are served at a time. */
const CLIENTS = 10;

/** What a server may wait for, besides an answer that takes long. */
const WAITS = {
  "no request": "",
  "half a head": "GET / HTTP/1.1\r\nHo",
  "half a body": "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
};

export const EXERCISES_R8: readonly Exercise[] = [
  exercise("r8.1", "serves ten clients at a time, and then the next", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes(HELLO);
    while ((await ann.line()) !== "Hello, ann!");
    for (let one = 1; one < CLIENTS; one += 1) await dawdles(world, `slow${one}`);
    const eve = await world.connect("eve");
    eve.sendBytes(HELLO);
    let isServed = false;
    const served = eve.line().then((line) => {
      isServed = true;
      return line;
    });
    // In the time of Ann's round trips, Eve could have been served ten times.
    for (let time = 0; time < 10; time += 1) {
      ann.sendBytes(HELLO);
      while ((await ann.line()) !== "Hello, ann!");
    }
    if (isServed) throw new Unmet("Eve to wait", "an answer");
    ann.leaves();
    const line = await served;
    if (!line.startsWith("HTTP/1.1 200")) throw new Unmet("200", line);
  }),

  exercise("r8.2", "prints how much there is, when that changes", async (world) => {
    // Two tasks, the accept loop and the one that counts; the listener's socket; its own sleep.
    await prints(world, /^tasks 2, sockets 1, timers \d$/m);
    const ann = await dawdles(world, "ann");
    await prints(world, /^tasks 3, sockets 2, timers \d$/m);
    await ann.resets();
    await prints(world, /^tasks 3, .*\n(?:.*\n)*tasks 2, sockets 1, timers \d$/m);
  }),

  exercise(
    "r8.3",
    "ends a connection after a second, whatever it does",
    async (world) => {
      const waits: [string, Client][] = [];
      for (const [what, bytes] of Object.entries(WAITS)) {
        const client = await world.connect(what);
        client.sendBytes(bytes);
        waits.push([what, client]);
      }
      // The second one comes when the first has ended, and by then all the others have, too.
      for (const name of ["ann", "bob"]) {
        const client = await world.connect(name);
        client.sendBytes("GET /slow/600000/poem.txt HTTP/1.1\r\nHost: x\r\n\r\n");
        const lines = await client.seesEndSomeTime();
        // An answer, such as 408, is fine, but the file would be too late.
        if (lines[0]?.includes(" 200 ")) throw new Unmet("the end", lines[0]);
      }
      for (const [what, { end }] of waits) {
        if (end === undefined)
          throw new Unmet(`a client with ${what} to be ended`, "no end");
      }
    },
  ),
];
