// The exercises of r4 · Poll.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { asks, dawdles, prints } from "./file-client.ts";

export const EXERCISES_R4: readonly Exercise[] = [
  exercise("r4.1", "reports which poller it uses", async (world) => {
    const response = await asks(world, "/poller");
    if (/\r\n\r\n.*\b(epoll|poll|kqueue|uring|afd)\b/s.test(response)) return;
    throw new Unmet("the name of a poller", response);
  }),

  exercise("r4.2", "disconnects all other clients", async (world) => {
    const ann = await dawdles(world, "ann");
    const bob = await dawdles(world, "bob");
    const response = await asks(world, "/out", "eve");
    if (!/^HTTP\/1\.1 \d{3} /.test(response)) throw new Unmet("a response", response);
    await ann.seesEnd();
    await bob.seesEnd();
    const poem = await asks(world, "/poem.txt");
    if (!poem.startsWith("HTTP/1.1 200 OK")) throw new Unmet("the poem", poem);
  }),

  exercise("r4.3", "reports by a timer how many clients are connected", async (world) => {
    for (const label of ["ann", "bob", "eve"]) await dawdles(world, label);
    await prints(world, /^clients: 3$/m);
    const poem = await asks(world, "/poem.txt", "dan");
    if (!poem.startsWith("HTTP/1.1 200 OK")) throw new Unmet("the poem", poem);
  }),
];
