// The exercises of 09 · Names.
import { Unmet } from "../client.ts";
import { quoted } from "../quoting.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_09: readonly Exercise[] = [
  exercise("9.1", "shows what a user does on /me", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send("/me waves,  twice");
    await ann.sees(`* ${ann.name} waves,  twice`);
    await bob.sees(`* ${ann.name} waves,  twice`);
  }),

  exercise(
    "9.2",
    "marks a user's own messages, even when two users have the same name",
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      if (ann.name !== bob.name) {
        throw new Unmet("the same name twice, because Math.random() is 0.5", bob.name);
      }
      ann.send("hello");
      await ann.sees("You: hello");
      await bob.sees(`${ann.name}: hello`);
    },
    { preload: "Math.random = () => 0.5" },
  ),

  exercise("9.3", "strips what would overwrite a sender's name", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const forged = [
      "\rBob: I pay",
      "\u{1b}[1GBob: I pay",
      "\u{9b}1G",
      "\u{202e}yap I :boB",
    ];
    for (const text of forged) {
      ann.send(text);
      const line = await bob.line();
      if (!line.startsWith(`${ann.name}: `) || /[\p{Cc}\p{Bidi_Control}]/u.test(line)) {
        throw new Unmet("a line that shows its sender", quoted(line));
      }
    }
    ann.send("naïve 👩‍👩‍👧 שלום ❤️");
    await bob.sees(`${ann.name}: naïve 👩‍👩‍👧 שלום ❤️`);
  }),
];
