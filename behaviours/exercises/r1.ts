// The exercises of r1 · Blocking.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { asks, dawdles, prints } from "./file-client.ts";

const OK = /^HTTP\/1\.1 200 OK\r\n/;

export const EXERCISES_R1: readonly Exercise[] = [
  exercise("r1.1", "logs each client and what it requests", async (world) => {
    await asks(world, "/poem.txt");
    await prints(world, /^127\.0\.0\.1:\d+ GET \/poem\.txt 200$/m);
    await asks(world, "/gone.txt");
    await prints(world, /^127\.0\.0\.1:\d+ GET \/gone\.txt 404$/m);
    const bob = await world.connect("bob");
    bob.sendBytes("nonsense\r\n\r\n");
    await bob.seesEndSomeTime();
    await prints(world, /^127\.0\.0\.1:\d+ 400$/m);
  }),

  exercise("r1.2", "closes a connection that keeps it waiting", async (world) => {
    const slow = await dawdles(world);
    // The next client in the queue has to wait that long.
    const response = await asks(world, "/poem.txt");
    if (!OK.test(response)) throw new Unmet("the poem", response);
    // An answer, such as 408, is fine.
    await slow.seesEndSomeTime();
  }),

  exercise("r1.3", "serves a client while three others stall", async (world) => {
    for (const number of [1, 2, 3]) await dawdles(world, `slow${number}`);
    for (let time = 0; time < 10; time += 1) {
      const response = await asks(world, "/poem.txt");
      if (!OK.test(response)) throw new Unmet("the poem", response);
    }
  }),
];
