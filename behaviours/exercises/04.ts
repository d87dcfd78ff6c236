// The exercises of 04 · Lines.
import { buffer } from "node:stream/consumers";
import { open, Unmet } from "../client.ts";
import { hexOf } from "../quoting.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_04: readonly Exercise[] = [
  exercise("4.1", "numbers the lines of each client", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes("hello\n\nbye\n");
    await ann.seesAll(["1 hello ❤️", "2  ❤️", "3 bye ❤️"]);
    await ann.leaves();
    const bob = await world.connect("bob");
    bob.send("hello");
    await bob.sees("1 hello ❤️");
  }),

  exercise("4.2", "answers a paragraph at its end", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes("Roses are red,\nviolets are blue,\r\n\r\n");
    await ann.sees("Roses are red, violets are blue, ❤️");
    ann.sendBytes("\n\nstreams have no ends,\n");
    ann.sendBytes("and now they do");
    ann.finishes();
    await ann.sees("streams have no ends, and now they do ❤️");
    await ann.seesEnd();
  }),

  exercise("4.3", "reads a message of any bytes by its length", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes("12:hello\nworld!,0:,3:a");
    ann.sendBytes(",b,");
    ann.finishes();
    await ann.sees("19:hello");
    await ann.sees("world! ❤️,7: ❤️,10:a,b ❤️,");
    await ann.seesEnd();
    for (const wrong of ["5:hello!", "12345:", "x", ":,", "-1:", "02:"]) {
      const bob = await world.connect("bob");
      bob.sendBytes(`2:ok,${wrong}`);
      await bob.sees("9:ok ❤️,");
      await bob.seesEnd();
      bob.destroy();
    }
  }),

  exercise("4.3", "answers with the bytes that it received", async (world) => {
    // A byte that is never valid in UTF-8, and a truncated character.
    const answer = await answerTo(world, Buffer.from("3:\xff\xe2\x82,", "latin1"));
    const heart = Buffer.from(" ❤️").toString("latin1");
    const expected = Buffer.from(`10:\xff\xe2\x82${heart},`, "latin1");
    if (!answer.equals(expected)) throw new Unmet(hexOf(expected), hexOf(answer));
  }),
];

/** Sends bytes and half-closes. @returns All bytes that come back, up to the end. */
async function answerTo({ server, patience }: World, bytes: Buffer): Promise<Buffer> {
  const wanted = "an answer, and the end of the connection";
  const socket = await open({ ...server, label: "ann", patience });
  socket.setTimeout(patience, () => {
    socket.destroy(new Unmet(wanted, `nothing within ${patience / 1000} s`));
  });
  socket.end(bytes);
  try {
    return await buffer(socket);
  } catch (error) {
    throw error instanceof Unmet ? error : new Unmet(wanted, "a reset");
  }
}
