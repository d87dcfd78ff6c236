// Two thousand clients are connected and silent, and one sends a request. How long does it
// wait for a server that polls all of them, and for one that is notified?
// Run it: just example crowd (Linux); with `-- --exact` the times
// Page: docs/r3-epoll.md
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startStep } from "./parts/start-step.ts";

const CROWD = 2000;
const REQUESTS = 100;

const times: number[] = [];
for (const slug of ["r2-nonblocking", "r3-epoll"]) {
  const server = await startStep(slug);
  const alone = await time(server.port);
  const crowd: Socket[] = [];
  while (crowd.length < CROWD) {
    // No more at a time than the backlog holds.
    const some = Array.from({ length: 100 }, () => join(server.port));
    crowd.push(...(await Promise.all(some)));
  }
  const among = await time(server.port);
  times.push(among);
  for (const socket of crowd) socket.destroy();
  await server.stop();
  if (process.argv.includes("--exact")) {
    const [one, other] = [alone, among].map((ms) => `${ms.toFixed(2)} ms`);
    console.log(`${slug}: ${one} a request, and ${other} among two thousand`);
  }
}
const [asking = 0, told = 1] = times;
const word = asking > 3 * told ? "more than 3 times" : "less than 3 times";
console.log(`among two thousand, r2 takes ${word} as long as r3`);

async function join(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  return socket;
}

/** The fastest request, in milliseconds: other programs can only make one slower. */
async function time(port: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let request = 0; request < REQUESTS; request += 1) {
    const begun = performance.now();
    const socket = await join(port);
    socket.write("GET /poem.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.resume();
    await once(socket, "close");
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}
