// The exercises of r5 · State machine.
import { type Client, Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { dawdles, prints } from "./file-client.ts";

const CLOSE = "Host: x\r\nConnection: close\r\n\r\n";

export const EXERCISES_R5: readonly Exercise[] = [
  exercise("r5.1", "counts the connections in each state", async (world) => {
    for (const label of ["ann", "bob"]) await dawdles(world, label);
    const slow = await world.connect("slow");
    slow.sendBytes(`GET /slow/600000/poem.txt HTTP/1.1\r\n${CLOSE}`);
    // What they have sent may still be in flight, so we retry.
    for (let times = 0; times < 100; times += 1) {
      const eve = await world.connect("eve");
      eve.sendBytes(`GET /states HTTP/1.1\r\n${CLOSE}`);
      const lines = await eve.seesEndSomeTime();
      if (!lines[0]?.startsWith("HTTP/1.1 200")) throw new Unmet("200", `${lines[0]}`);
      const counts = ["head 2", "delayed 1", "waiting 1"];
      if (counts.every((count) => lines.includes(count))) return;
    }
    throw new Unmet("head 2, delayed 1, waiting 1", "other counts");
  }),

  exercise("r5.2", "prints each step", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes(`GET /hello/ann HTTP/1.1\r\n${CLOSE}`);
    await ann.seesEndSomeTime();
    await prints(world, /: idle -- bytes --> head\n.*: head -- request --> waiting\n/);
    await prints(world, /: waiting -- answer --> writing\n.*: writing -- sent --> ling/);
  }),

  exercise("r5.3", "answers a hundred requests, and closes", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes("GET /hello/ann HTTP/1.1\r\nHost: x\r\n\r\n".repeat(101));
    await seesHellos(ann, 99, "keep-alive");
    await seesHellos(ann, 1, "close");
    await ann.seesEnd();
  }),
];

/** @param connection What each answer says of the connection; HTTP/1.1 means keep-alive. */
async function seesHellos(
  client: Client,
  count: number,
  connection: "keep-alive" | "close",
): Promise<void> {
  let said: string | undefined;
  for (let seen = 0; seen < count; ) {
    const line = await client.line();
    said = /^connection:\s*(\S+)\s*$/i.exec(line)?.[1]?.toLowerCase() ?? said;
    if (line !== "Hello, ann!") continue;
    if ((said ?? "keep-alive") !== connection) {
      throw new Unmet(`connection: ${connection}`, `connection: ${said}`);
    }
    said = undefined;
    seen += 1;
  }
}
