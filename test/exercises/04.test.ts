// The exercises of 04 · Lines.
import { solves } from "./solve.ts";

solves("4.1", "04-lines", "numbers the lines of each client", async (world) => {
  const alice = await world.connect("alice");
  alice.sendBytes("hello\n\nbye\n");
  await alice.seesAll(["1 hello ❤️", "2  ❤️", "3 bye ❤️"]);
  await alice.leaves();
  const bob = await world.connect("bob");
  bob.send("hello");
  await bob.sees("1 hello ❤️");
});

solves("4.2", "04-lines", "answers a paragraph at its end", async (world) => {
  const alice = await world.connect("alice");
  alice.sendBytes("Roses are red,\nviolets are blue,\r\n\r\n");
  await alice.sees("Roses are red, violets are blue, ❤️");
  alice.sendBytes("\n\nstreams have no ends,\n");
  alice.sendBytes("and now they do");
  alice.finishes();
  await alice.sees("streams have no ends, and now they do ❤️");
  await alice.seesEnd();
});

solves("4.3", "04-lines", "takes a message of any bytes by its length", async (world) => {
  const alice = await world.connect("alice");
  alice.sendBytes("12:hello\nworld!,0:,3:a");
  alice.sendBytes(",b,");
  alice.finishes();
  await alice.sees("19:hello");
  await alice.sees("world! ❤️,7: ❤️,10:a,b ❤️,");
  await alice.seesEnd();
  for (const wrong of ["5:hello!", "12345:", "x", ":,", "-1:", "02:"]) {
    const bob = await world.connect("bob");
    bob.sendBytes(`2:ok,${wrong}`);
    await bob.sees("9:ok ❤️,");
    await bob.seesEnd();
    bob.destroy();
  }
});
