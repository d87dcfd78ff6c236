// The exercises of r1 · Blocking.
import { Unmet } from "../../behaviours/client.ts";
import { asks, dawdles, prints } from "./file-client.ts";
import { solves } from "./solve.ts";

const OK = /^HTTP\/1\.1 200 OK\r\n/;

solves("r1.1", "r1-blocking", "tells who asks, and what for", async (world) => {
  await asks(world, "/poem.txt");
  await prints(world, /^127\.0\.0\.1:\d+ GET \/poem\.txt 200$/m);
  await asks(world, "/gone.txt");
  await prints(world, /^127\.0\.0\.1:\d+ GET \/gone\.txt 404$/m);
  const bob = await world.connect("bob");
  bob.sendBytes("nonsense\r\n\r\n");
  await bob.seesEndSomeTime();
  await prints(world, /^127\.0\.0\.1:\d+ 400$/m);
});

solves("r1.2", "r1-blocking", "closes who keeps it waiting", async (world) => {
  const slow = await dawdles(world);
  // The next in the row, who has to wait for as long.
  const response = await asks(world, "/poem.txt");
  if (!OK.test(response)) throw new Unmet("the poem", response);
  await slow.seesEnd();
});

solves("r1.3", "r1-blocking", "serves although three do not go on", async (world) => {
  for (const number of [1, 2, 3]) await dawdles(world, `slow${number}`);
  for (let time = 0; time < 10; time += 1) {
    const response = await asks(world, "/poem.txt");
    if (!OK.test(response)) throw new Unmet("the poem", response);
  }
});
