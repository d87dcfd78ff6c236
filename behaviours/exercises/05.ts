// The exercises of 05 · Commands.
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_05: readonly Exercise[] = [
  exercise("5.1", "sends //quit as the message /quit", async (world) => {
    const alice = await world.join("alice");
    for (const [typed, said] of [
      ["//quit", "/quit"],
      ["///", "//"],
      ["1 // 2", "1 // 2"],
      ["/helpful", "/helpful"],
    ]) {
      alice.send(`${typed}`);
      await alice.sees(`${said} ❤️`);
    }
    alice.send("/quit");
    await alice.seesEnd();
  }),

  exercise(
    "5.2",
    "answers in capitals from /shout to /calm, for each client separately",
    async (world) => {
      const alice = await world.join("alice");
      await alice.talks("hello");
      alice.send("/shout");
      await alice.sees("You shout");
      alice.send("hello, naïve straße");
      await alice.sees("HELLO, NAÏVE STRASSE ❤️");
      alice.send("/calm");
      await alice.sees("You are calm");
      await alice.talks("hello");
      alice.send("/shout");
      await alice.sees("You shout");
      await alice.leaves();
      const bob = await world.join("bob");
      await bob.talks("hello");
    },
  ),

  exercise("5.3", "lists every command it has, and no other", async (world) => {
    const help = [
      "Server commands",
      "  /help - prints this message",
      "  /count - counts your lines",
      "  /quit - quits server",
    ];
    const alice = await world.connect("alice");
    await alice.seesAll(help);
    // What every object has is no command.
    for (const text of [
      "hello",
      "/helpful",
      "constructor",
      "/constructor",
      "__proto__",
    ]) {
      alice.send(text);
      await alice.sees(`${text} ❤️`);
    }
    alice.send("/count");
    await alice.sees("Lines: 5");
    alice.send("/help");
    await alice.seesAll(help);
    alice.send("/quit");
    await alice.seesEnd();
  }),
];
