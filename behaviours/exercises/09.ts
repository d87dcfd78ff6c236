// The exercises of 09 · Names.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_09: readonly Exercise[] = [
  exercise("9.1", "shows what a user does on /me", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    alice.send("/me waves,  twice");
    await alice.sees(`* ${alice.name} waves,  twice`);
    await bob.sees(`* ${alice.name} waves,  twice`);
  }),

  exercise(
    "9.2",
    "marks a user's own messages, even when two users have the same name",
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      if (alice.name !== bob.name) {
        throw new Unmet("two of one name, as Math.random() is 0.5", bob.name);
      }
      alice.send("hello");
      await alice.sees("You: hello");
      await bob.sees(`${alice.name}: hello`);
    },
    { preload: "Math.random = () => 0.5" },
  ),

  exercise("9.3", "strips what would overwrite a sender's name", async (world) => {
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
  }),
];
