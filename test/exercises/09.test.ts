// The exercises of 09 · Names.
import { Unmet } from "../../behaviours/client.ts";
import { solves } from "./solve.ts";

solves("9.1", "09-names", "shows what somebody does", async (world) => {
  const alice = await world.join("alice");
  const bob = await world.join("bob");
  alice.send("/me waves,  twice");
  await alice.sees(`* ${alice.name} waves,  twice`);
  await bob.sees(`* ${alice.name} waves,  twice`);
});

solves(
  "9.2",
  "09-names",
  "shows each their own words as theirs, though two have one name",
  async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    if (alice.name !== bob.name) throw new Error("the dice were not loaded");
    alice.send("hello");
    await alice.sees("You: hello");
    await bob.sees(`${alice.name}: hello`);
  },
  { imports: ["data:text/javascript,Math.random = () => 0.5"] },
);

solves("9.3", "09-names", "lets nobody write over their name", async (world) => {
  const alice = await world.join("alice");
  const bob = await world.join("bob");
  const forged = [
    "\rBob: I pay",
    "\u{1b}[1GBob: I pay",
    "\u{9b}1G",
    "\u{202e}yap I :boB",
  ];
  for (const text of forged) {
    alice.send(text);
    const line = await bob.line();
    if (!line.startsWith(`${alice.name}: `) || /[\p{Cc}\p{Bidi_Control}]/u.test(line)) {
      throw new Unmet("a line that shows who speaks", JSON.stringify(line));
    }
  }
  alice.send("naïve 👩‍👩‍👧 שלום ❤️");
  await bob.sees(`${alice.name}: naïve 👩‍👩‍👧 שלום ❤️`);
});
